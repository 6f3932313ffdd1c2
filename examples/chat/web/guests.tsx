import { LastSeen, useOnlineUsers, usePresence, useRoom } from '@presence/react';
import { STATUS_WORDS } from '@presence/example-shared/web/words.ts';
import type { ReactNode } from 'react';
import type { Room } from './api.ts';
import { Face } from './face.tsx';
import { usePerson } from './people-context.ts';

interface GuestsProps {
  readonly room: Room;
  readonly me: string;
}

const Guest = ({ id, isMe }: { readonly id: string; readonly isMe: boolean }): ReactNode => {
  const { name, isPlayed } = usePerson(id);
  const { status, message, emoji } = usePresence(id);
  return (
    <li className="guest" data-user={id} data-name={name} data-status={status}>
      <Face id={id} size="small" />
      <span className="guest-text">
        <span className="guest-name">
          {name}
          {isMe && <span className="badge badge-me">You</span>}
          {isPlayed && (
            <span className="badge" title="Played by the server of this demo">
              Simulated
            </span>
          )}
        </span>
        <span className="guest-line">
          {status === 'offline' ? (
            <LastSeen userId={id} />
          ) : message === null && emoji === null ? (
            STATUS_WORDS[status]
          ) : (
            <>
              {emoji && <span className="emoji">{emoji}</span>} {message ?? STATUS_WORDS[status]}
            </>
          )}
        </span>
      </span>
    </li>
  );
};

interface ListProps {
  readonly title: string;
  readonly ids: readonly string[];
  readonly me: string;
  readonly testId: string;
}

const List = ({ title, ids, me, testId }: ListProps): ReactNode =>
  ids.length > 0 && (
    <section aria-label={title} data-testid={testId}>
      <h2>
        {title} <span className="guests-count">{ids.length}</span>
      </h2>
      <ul>
        {ids.map((id) => (
          <Guest key={id} id={id} isMe={id === me} />
        ))}
      </ul>
    </section>
  );

/** Who is in the room, and who else is in the house. */
export const Guests = ({ room, me }: GuestsProps): ReactNode => {
  const { members } = useRoom(room.id);
  const { users } = useOnlineUsers();
  const here = members.map(({ userId }) => userId);
  const elsewhere = users.map(({ userId }) => userId).filter((id) => !here.includes(id));
  return (
    <aside className="guests" aria-label="Guests">
      <List title={`In #${room.name}`} ids={here} me={me} testId="in-room" />
      <List title="In the house" ids={elsewhere} me={me} testId="in-house" />
    </aside>
  );
};
