import type { Loaded, Status } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import type { FindAnswer, FindQuery, PresenceStore } from '../../store.ts';
import type { Loads } from '../loads.ts';
import type { Parts } from '../parts.ts';
import type { Ready } from '../ready.ts';
import { loadedOf, metaBranch, nameOf, readRows, type Branch, type Read } from '../users.ts';
import { readJudged, type Judged } from './judged.ts';
import { branchesOf, MOST_OVERDUE, overdueOf, settledOverdue } from './overdue.ts';

/** A query with the ids as they stand in columns. */
interface Asked {
  readonly tenant: string;
  readonly scope: string;
  readonly after: string;
  readonly status: readonly Status[];
  /** One more than the page, which tells whether there is more. */
  readonly most: number;
}

const within = ({ tenant, scope }: Asked): RawBuilder<unknown> =>
  sql`s.tenant = ${tenant} and s.scope = ${scope}`;

const names = (ids: readonly string[]): string[][] => ids.map((id) => [id]);

/** A list's members of one status, but for those who went with their node. */
const group = (parts: Parts, { dead }: Judged, asked: Asked, status: Status) => {
  const { tables, dialect } = parts;
  const alive = dead.length === 0 ? sql`` : sql`and not ${dialect.among(['s.solo'], names(dead))}`;
  return sql`select 'item' as kind, user_id from (select s.user_id from ${tables.scope.name} s
    where ${within(asked)} and s.status = ${status} and s.user_id > ${asked.after} ${alive}
    order by s.user_id limit ${asked.most}) ${sql.ref(`g_${status}`)}`;
};

/** Members who hang on a dead node alone: they are offline, whatever is written of them. */
const deadGroup = ({ tables, dialect }: Parts, { dead }: Judged, asked: Asked) => {
  const { hold, user, scope } = tables;
  const { joinEach } = dialect;
  return sql`select 'item' as kind, user_id from (select s.user_id from ${hold.name} h
    ${joinEach} ${user.name} u on u.tenant = h.tenant and u.user_id = h.user_id
    ${joinEach} ${scope.name} s on s.tenant = h.tenant and s.scope = ${asked.scope}
      and s.status = u.status and s.user_id = h.user_id
    where ${dialect.among(['h.lease_id'], names(dead))} and h.solo = 1 and h.tenant = ${asked.tenant}
      and h.user_id > ${asked.after} order by h.user_id limit ${asked.most}) g_dead`;
};

/** Members who are overdue, whatever is written of them. */
const lateGroup = (parts: Parts, judged: Judged, asked: Asked) => {
  const { user, scope } = parts.tables;
  const { joinEach } = parts.dialect;
  return sql`select 'late' as kind, o.user_id from (${overdueOf(parts, judged, asked.tenant)}) o
    ${joinEach} ${user.name} u on u.tenant = ${asked.tenant} and u.user_id = o.user_id
    ${joinEach} ${scope.name} s on ${within(asked)} and s.status = u.status and s.user_id = o.user_id
    where o.user_id > ${asked.after}`;
};

const PICKED = sql`picked`;

const pageOf = (parts: Parts, judged: Judged, asked: Asked): Promise<Read | null> => {
  const groups = asked.status.map((status) => group(parts, judged, asked, status));
  if (judged.dead.length > 0 && asked.status.includes('offline')) {
    groups.push(deadGroup(parts, judged, asked));
  }
  const all = sql.join([lateGroup(parts, judged, asked), ...groups], sql` union all `);
  const marks: Branch = sql`select p.kind, '', p.user_id, null, null, null, null, null from ${PICKED} p`;
  const branches = [metaBranch(parts), marks, ...branchesOf(parts, asked.tenant, PICKED)];
  return readRows(parts, parts.db, branches, sql`with ${PICKED} ${parts.dialect.once} (${all})`);
};

const merged = (read: Read): { readonly users: string[]; readonly late: Set<string> } => {
  const late = new Set<string>();
  const users = new Set<string>();
  for (const { kind, user_id } of read.others) {
    users.add(user_id);
    if (kind === 'late') late.add(user_id);
  }
  return { users: [...users], late };
};

/** In bytes, whose order is that of code units: see `encodeId`. */
const inByteOrder = (users: readonly string[]): string[] =>
  [...users].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

const answerOf = async (
  { texts }: Parts,
  { now }: Judged,
  { read, loads, query }: { read: Read; loads: Loads; query: FindQuery },
): Promise<FindAnswer> => {
  const { limit, after } = query;
  const tenant = texts.in(query.tenant);
  const { users, late } = merged(read);
  const page = inByteOrder(users).slice(0, limit);
  const keyed = page.map((userId) => ({
    userId,
    key: { tenant: query.tenant, userId: texts.out(userId) },
  }));
  const items: Loaded[] = keyed
    .filter(({ userId }) => !late.has(userId))
    .map(({ key, userId }) => loadedOf(read, key, nameOf(tenant, userId)));
  const asked = keyed.filter(({ userId }) => late.has(userId));
  return {
    at: now.at,
    items,
    overdue: await settledOverdue(read, loads, tenant, asked),
    end: keyed.at(-1)?.key.userId ?? after,
    more: users.length > limit,
    ...(late.size > MOST_OVERDUE && { crowded: true }),
    ...(now.isOld && { pulseOld: true }),
  };
};

export const createFind = (parts: Parts, ready: Ready, loads: Loads): PresenceStore['find'] => {
  const { texts, attempts } = parts;
  return (query) =>
    attempts(async () => {
      const judged = await readJudged(parts, ready);
      const asked: Asked = {
        tenant: texts.in(query.tenant),
        scope: texts.in(query.scope),
        after: texts.in(query.after),
        status: [...new Set(query.status)],
        most: query.limit + 1,
      };
      const read = await ready.ask(() => pageOf(parts, judged, asked));
      return answerOf(parts, judged, { read, loads, query });
    });
};
