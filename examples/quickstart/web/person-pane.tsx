import { LastSeen, PresenceDot, usePresence } from '@presence/react';
import type { ReactNode } from 'react';
import type { Login, Person } from './api.ts';
import { Avatar } from '@presence/example-shared/web/avatar.tsx';
import { BackIcon } from './icons.tsx';
import { Badges } from './person-row.tsx';
import { useNow } from '@presence/example-shared/web/use-now.ts';
import { Why } from './why/why.tsx';
import { span, STATUS_WORDS } from '@presence/example-shared/web/words.ts';

interface PersonPaneProps {
  readonly login: Login;
  readonly person: Person;
}

const Since = ({ since }: { readonly since: number }): ReactNode => {
  const ms = useNow() - since;
  return ms < 1000 ? ' just now' : ` for ${span(ms)}`;
};

/** What everybody sees of them, you included. */
const Hero = ({ login, person }: PersonPaneProps): ReactNode => {
  const { status, since, emoji, message } = usePresence(person.id);
  const isSaying = emoji !== null || message !== null;
  return (
    <div className="hero" data-testid="person" data-shown={person.id} data-status={status}>
      <Avatar person={person} size="large">
        <PresenceDot status={status} size={18} rim className="avatar-dot" label={null} />
      </Avatar>
      <div className="hero-text">
        <h2>
          <span className="name">{person.name}</span>
          <Badges person={person} isMe={person.id === login.person.id} />
        </h2>
        <p className="hero-title">{person.title}</p>
      </div>
      <div className="hero-status">
        <span className="chip" data-status={status}>
          <span className="chip-word">{STATUS_WORDS[status]}</span>
          {since !== null && status !== 'offline' && status !== 'unknown' && (
            <span className="chip-since">
              <Since since={since} />
            </span>
          )}
        </span>
        {!isSaying && <LastSeen className="hero-note" userId={person.id} />}
      </div>
      {isSaying && (
        <p className="hero-message">
          {emoji && <span className="emoji">{emoji}</span>} {message}
        </p>
      )}
    </div>
  );
};

export const PersonPane = ({ login, person }: PersonPaneProps): ReactNode => (
  <main className="pane">
    <a className="back" href="#">
      <BackIcon /> People
    </a>
    <Hero login={login} person={person} />
    <Why login={login} person={person} />
  </main>
);
