import type { ShownStatus } from '@presence/client';
import { PresenceDot } from '@presence/react';
import type { ReactNode } from 'react';
import { Avatar } from '@presence/example-shared/web/avatar.tsx';
import type { Member } from './api.ts';

interface FaceProps {
  readonly member: Member;
  readonly status: ShownStatus;
  readonly size?: 'small' | 'medium' | 'large';
  /** Stands where no words say the status. */
  readonly isLabelled?: boolean;
}

const DOT = { small: 10, medium: 12, large: 18 } as const;

/** Somebody with their dot. */
export const Face = ({
  member,
  status,
  size = 'medium',
  isLabelled = false,
}: FaceProps): ReactNode => (
  <Avatar person={member} size={size}>
    <PresenceDot
      status={status}
      size={DOT[size]}
      rim
      className="avatar-dot"
      {...(!isLabelled && { label: null })}
    />
  </Avatar>
);
