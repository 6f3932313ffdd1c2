import type { AdminUser } from '@presence/core/protocol';
import { PresenceDot } from '@presence/react';
import type { ReactNode } from 'react';
import { Avatar } from '@presence/example-shared/web/avatar.tsx';
import { STATUS_WORDS } from '@presence/example-shared/web/words.ts';
import { Link } from '../link.tsx';
import { picturedOf } from '../pictured.ts';
import { goTo } from '../route.ts';
import { When } from '../when.tsx';
import { AccountBadge } from './account-badge.tsx';

/** When somebody was here last, or that they are. */
const Seen = ({ user: { presence } }: { readonly user: AdminUser }): ReactNode => {
  if (presence.status !== 'offline') return 'Here now';
  return presence.lastSeenAt === null ? 'Never' : <When at={presence.lastSeenAt} />;
};

interface RowProps {
  readonly user: AdminUser;
  readonly isOpen: boolean;
}

const Row = ({ user, isOpen }: RowProps): ReactNode => {
  const { userId, presence, profile, account } = user;
  const { status, emoji, message } = presence;
  const name = profile?.name ?? userId;
  return (
    <tr
      className="person"
      data-user={userId}
      data-status={status}
      data-account={account}
      aria-selected={isOpen}
      onClick={() => goTo(`/people/${userId}`)}
    >
      <td className="cell-person">
        <Avatar person={picturedOf(userId, name)} size="medium">
          <PresenceDot status={status} size={12} rim className="avatar-dot" label={null} />
        </Avatar>
        <span className="person-text">
          <Link to={`/people/${userId}`} className="person-name">
            {name}
          </Link>
          <span className="person-email">{profile?.email}</span>
        </span>
      </td>
      <td className="cell-status">
        {STATUS_WORDS[status]}
        {(message || emoji) && (
          <span className="person-message">
            <span className="emoji">{emoji}</span> {message}
          </span>
        )}
      </td>
      <td className="cell-seen">
        <Seen user={user} />
      </td>
      <td className="cell-account">
        <AccountBadge account={account} />
      </td>
    </tr>
  );
};

interface TableProps {
  readonly users: readonly AdminUser[];
  readonly openId: string | null;
}

export const Table = ({ users, openId }: TableProps): ReactNode => (
  <table className="people-table">
    <thead>
      <tr>
        <th scope="col">Person</th>
        <th scope="col">Status</th>
        <th scope="col">Last seen</th>
        <th scope="col">Account</th>
      </tr>
    </thead>
    <tbody>
      {users.map((user) => (
        <Row key={user.userId} user={user} isOpen={user.userId === openId} />
      ))}
    </tbody>
  </table>
);
