import type { UserPresence } from '@presence/client';
import { LastSeen, PresenceDot } from '@presence/react';
import type { ReactNode } from 'react';
import type { Person } from './api.ts';
import { Avatar } from '@presence/example-shared/web/avatar.tsx';
import { STATUS_WORDS } from '@presence/example-shared/web/words.ts';

interface PersonRowProps {
  readonly person: Person;
  readonly presence: UserPresence;
  readonly isMe: boolean;
  readonly isSelected: boolean;
}

export const Badges = ({ person, isMe }: Pick<PersonRowProps, 'person' | 'isMe'>): ReactNode => (
  <>
    {isMe && <span className="badge badge-me">You</span>}
    {person.simulated && (
      <span className="badge" title="Played by the server of this demo">
        Simulated
      </span>
    )}
  </>
);

/** What the second line says: their own words first, then when they were last seen, then who they are. */
const Line = ({ person, presence }: Pick<PersonRowProps, 'person' | 'presence'>): ReactNode => {
  const { status, lastSeenAt, emoji, message } = presence;
  if (status === 'offline' && lastSeenAt !== null) return <LastSeen userId={person.id} />;
  if (message !== null || emoji !== null) {
    return (
      <>
        {emoji && <span className="emoji">{emoji}</span>} {message}
      </>
    );
  }
  return person.title;
};

export const PersonRow = ({ person, presence, isMe, isSelected }: PersonRowProps): ReactNode => {
  const { status } = presence;
  return (
    <li data-glide={person.id}>
      <a
        className="row"
        href={`#${encodeURIComponent(person.id)}`}
        aria-current={isSelected ? 'true' : undefined}
        data-user={person.id}
        data-status={status}
      >
        <Avatar person={person} size="medium">
          <PresenceDot status={status} size={12} rim className="avatar-dot" label={null} />
        </Avatar>
        <span className="row-text">
          <span className="row-name">
            <span className="name">{person.name}</span>
            <Badges person={person} isMe={isMe} />
          </span>
          <span className="row-line">
            <Line person={person} presence={presence} />
          </span>
        </span>
        <span className="row-status">{STATUS_WORDS[status]}</span>
      </a>
    </li>
  );
};
