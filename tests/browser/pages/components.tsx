// Every component of the React package, in each state that looks different.
import {
  AvatarStack,
  LastSeen,
  OnlineUsersList,
  PresenceDot,
  StatusPicker,
  UserStatusIndicator,
} from '@presence/react';
import { createRecording, PresenceDevtools } from '@presence/react/devtools';
import { PresenceTestProvider } from '@presence/react/testing';
import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';

const STATUSES = ['online', 'away', 'busy', 'dnd', 'offline', 'unknown'] as const;

const users = {
  ada: { status: 'online' },
  bob: { status: 'away', message: 'At lunch', emoji: '🍜' },
  cyd: { status: 'busy' },
  dan: { status: 'dnd', message: 'Deep work' },
  eve: { status: 'offline', lastSeenAt: 1_700_000_000_000 },
} as const;
const people = Object.keys(users);

const recording = createRecording();
recording.options({ url: '/presence' });

const App = (): ReactNode => (
  <PresenceTestProvider users={users}>
    <main>
      <h1>Components</h1>
      <p>
        {STATUSES.map((status) => (
          <PresenceDot key={status} status={status} />
        ))}
      </p>
      {people.map((userId) => (
        <p key={userId}>
          <UserStatusIndicator userId={userId} /> <UserStatusIndicator userId={userId} showText />{' '}
          <LastSeen userId={userId} />
        </p>
      ))}
      <AvatarStack userIds={people} limit={3} />
      <OnlineUsersList />
      <StatusPicker />
    </main>
    <PresenceDevtools recording={recording} />
  </PresenceTestProvider>
);

const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
