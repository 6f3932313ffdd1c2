import type { Status } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import { OVERDUE_LIMIT, type PresenceStore } from '../../store.ts';
import type { Loads } from '../loads.ts';
import type { Parts } from '../parts.ts';
import type { Ready } from '../ready.ts';
import { metaBranch, readRows, type Branch, type Read } from '../users.ts';
import { readJudged, type Judged } from './judged.ts';
import { branchesOf, MOST_OVERDUE, overdueOf, settledOverdue } from './overdue.ts';

const LATE = sql`late_users`;
const TOLD = sql`told_users`;

/** Of an entry: its status, of which nobody tells apart who hangs on which node while all nodes live. */
const shownOf = ({ dialect }: Parts, { dead }: Judged): RawBuilder<unknown> => {
  if (dead.length === 0) return sql`s.status`;
  const names = dead.map((id) => [id]);
  return sql`case when ${dialect.among(['s.solo'], names)} then 'offline' else s.status end`;
};

/** Groups of a list by what is they are shown as, and the overdue members by what is written of them. */
const tallyOf = (
  parts: Parts,
  judged: Judged,
  tenant: string,
  scope: string,
): Promise<Read | null> => {
  const { tables, db, dialect } = parts;
  const { joinEach, once } = dialect;
  const groups: Branch = sql`select 'group', ${shownOf(parts, judged)}, '', null, count(*), 0, 0, null
    from ${tables.scope.name} s where s.tenant = ${tenant} and s.scope = ${scope} group by 2`;
  const late: Branch = sql`select 'late', status, user_id, solo, 1, 0, 0, null from ${LATE}`;
  const common = sql`with ${LATE} ${once} (
      select o.user_id as user_id, s.status as status, s.solo as solo
      from (${overdueOf(parts, judged, tenant)}) o
      ${joinEach} ${tables.user.name} u on u.tenant = ${tenant} and u.user_id = o.user_id
      ${joinEach} ${tables.scope.name} s on s.tenant = ${tenant} and s.scope = ${scope}
        and s.status = u.status and s.user_id = o.user_id),
    ${TOLD} ${once} (select user_id from ${LATE} order by user_id limit ${OVERDUE_LIMIT})`;
  const branches = [metaBranch(parts), groups, late, ...branchesOf(parts, tenant, TOLD)];
  return readRows(parts, db, branches, common);
};

export const createCount = (parts: Parts, ready: Ready, loads: Loads): PresenceStore['count'] => {
  const { texts, attempts } = parts;
  return (list) =>
    attempts(async () => {
      const [tenant, scope] = [texts.in(list.tenant), texts.in(list.scope)];
      const judged = await readJudged(parts, ready);
      const { now, dead } = judged;
      const read = await ready.ask(() => tallyOf(parts, judged, tenant, scope));
      const byStatus: Record<Status, number> = { online: 0, away: 0, busy: 0, dnd: 0, offline: 0 };
      const late: string[] = [];
      for (const { kind, tenant: status, user_id, id, first } of read.others) {
        const shown = dead.includes(id!) ? 'offline' : (status as Status);
        byStatus[shown] += kind === 'late' ? -1 : Number(first);
        if (kind === 'late') late.push(user_id);
      }
      const told = late
        .filter((userId) => read.users.has(`${tenant}\u001f${userId}`))
        .map((userId) => ({ userId, key: { tenant: list.tenant, userId: texts.out(userId) } }));
      return {
        at: now.at,
        byStatus,
        overdue: await settledOverdue(read, loads, tenant, told),
        more: late.length > Math.min(OVERDUE_LIMIT, MOST_OVERDUE),
        ...(now.isOld && { pulseOld: true }),
      };
    });
};
