import type { OnlineUsers, ShownStatus } from '@presence/client';
import { useOnlineUsers } from '@presence/react';
import { memo, useMemo, type ReactNode } from 'react';
import { STATUS_WORDS } from '@presence/example-shared/web/words.ts';
import type { Member } from '../api.ts';
import { Face } from '../face.tsx';
import { Link } from '../link.tsx';
import { useRoute } from '../route.ts';
import { useHere } from '../workspace-context.ts';

/** As many rows as a glance takes in; everybody else is in the directory. */
const MOST = 30;

const RANK: Readonly<Record<ShownStatus, number>> = {
  online: 0,
  busy: 1,
  dnd: 2,
  away: 3,
  offline: 4,
  unknown: 4,
};

interface Row {
  readonly member: Member;
  readonly status: ShownStatus;
}

const byPresence = (a: Row, b: Row): number =>
  RANK[a.status] - RANK[b.status] || a.member.name.localeCompare(b.member.name);

/** Whoever is not in the list of those who are here is offline, as long as that list is a live one. */
const rowsOf = (members: readonly Member[], { users, synced }: OnlineUsers): readonly Row[] => {
  const here = new Map(users.map(({ userId, status }) => [userId, status]));
  return members
    .map((member): Row => {
      const status = synced ? (here.get(member.id) ?? 'offline') : 'unknown';
      return { member, status };
    })
    .sort(byPresence)
    .slice(0, MOST);
};

/** Everybody of the organisation, whoever is here first. */
export const MemberList = (): ReactNode => {
  const { organisation, me, path } = useHere();
  const { page, about } = useRoute();
  const online = useOnlineUsers();
  const { members } = organisation;
  const rows = useMemo(() => rowsOf(members, online), [members, online]);
  const rest = members.length - rows.length;
  return (
    <nav data-place="member-list" aria-label="People">
      <h2>People</h2>
      <ul>
        {rows.map(({ member, status }) => (
          <MemberRow
            key={member.id}
            member={member}
            status={status}
            to={path('people', member.id)}
            isMe={member.id === me.id}
            isCurrent={page === 'people' && about === member.id}
          />
        ))}
      </ul>
      {rest > 0 && (
        <Link to={path('directory')} className="item item-more">
          {rest.toLocaleString('en')} more in the directory
        </Link>
      )}
    </nav>
  );
};

interface MemberRowProps extends Row {
  readonly to: string;
  readonly isMe: boolean;
  readonly isCurrent: boolean;
}

/** Renders again only when this row changed, however often others do. */
const MemberRow = memo(({ member, status, to, isMe, isCurrent }: MemberRowProps): ReactNode => (
  <li data-user={member.id} data-status={status}>
    <Link to={to} className="item" isCurrent={isCurrent}>
      <Face member={member} status={status} size="small" />
      <span className="item-name">
        {member.name}
        {isMe && <span className="item-you"> you</span>}
      </span>
      <span className="hidden">{STATUS_WORDS[status]}</span>
    </Link>
  </li>
));
