import { PresenceDot, usePresence } from '@presence/react';
import { Avatar } from '@presence/example-shared/web/avatar.tsx';
import type { ReactNode } from 'react';
import { usePerson } from './people-context.ts';

interface FaceProps {
  readonly id: string;
  readonly size: 'small' | 'medium';
}

/** Somebody's avatar with how they are at its corner. */
export const Face = ({ id, size }: FaceProps): ReactNode => {
  const person = usePerson(id);
  const status = usePresence(id, (presence) => presence.status);
  return (
    <Avatar person={person} size={size}>
      <PresenceDot status={status} size={11} rim className="avatar-dot" label={null} />
    </Avatar>
  );
};
