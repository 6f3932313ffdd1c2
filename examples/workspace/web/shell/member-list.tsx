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

const MOST_PRESENT: readonly ShownStatus[] = [
  'online',
  'busy',
  'dnd',
  'away',
  'offline',
  'unknown',
];

interface Row {
  readonly member: Member;
  readonly status: ShownStatus;
}

/** Whoever is not in the list of those who are here is offline, as long as that list is a live one. */
const rowsOf = (byName: readonly Member[], { users, synced }: OnlineUsers): readonly Row[] => {
  const here = new Map(users.map(({ userId, status }) => [userId, status]));
  const statusOf = ({ id }: Member): ShownStatus =>
    synced ? (here.get(id) ?? 'offline') : 'unknown';
  const rows = byName.map((member): Row => ({ member, status: statusOf(member) }));
  return MOST_PRESENT.flatMap((each) => rows.filter(({ status }) => status === each)).slice(
    0,
    MOST,
  );
};

/** Everybody of the organisation, whoever is here first. */
export const MemberList = (): ReactNode => {
  const { byName, me, path } = useHere();
  const { page, about } = useRoute();
  const online = useOnlineUsers();
  const rows = useMemo(() => rowsOf(byName, online), [byName, online]);
  const rest = byName.length - rows.length;
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
