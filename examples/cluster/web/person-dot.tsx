import { Avatar } from '@presence/example-shared/web/avatar.tsx';
import type { ShownStatus } from '@presence/client';
import { PresenceDot } from '@presence/react';
import type { ReactNode } from 'react';
import type { Person } from '../people.ts';
import { STATUS_WORDS } from './words.ts';

interface PersonDotProps {
  readonly person: Person;
  readonly isYou: boolean;
  /** False while they are on their way back. */
  readonly isConnected: boolean;
  readonly status: ShownStatus;
}

const kindOf = ({ person, isYou }: PersonDotProps): string =>
  isYou ? 'you' : person.isSimulated ? 'simulated' : 'visitor';

const shortOf = ({ name, isSimulated }: Person): string =>
  (isSimulated ? name.split(' ')[0] : name.split(' ').at(-1)) ?? name;

export const PersonDot = (props: PersonDotProps): ReactNode => {
  const { person, isYou, isConnected, status } = props;
  const about = `${person.name} (${kindOf(props)}): ${STATUS_WORDS[status]}${isConnected ? '' : ', on the way back'}`;
  return (
    <li
      className={`person${isYou ? ' person-you' : ''}`}
      data-fly={person.id}
      data-user={person.id}
      data-status={status}
      data-connected={isConnected}
      data-about={about}
      title={about}
    >
      <Avatar person={person} size="medium">
        <PresenceDot status={status} size={12} rim className="avatar-dot" label={about} />
      </Avatar>
      <span className="person-name" aria-hidden="true">
        {isYou ? 'You' : shortOf(person)}
      </span>
    </li>
  );
};
