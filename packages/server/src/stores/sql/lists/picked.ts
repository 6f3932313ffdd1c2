import type { Status } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import type { Parts } from '../parts.ts';
import { metaBranch, readRows, type Branch, type Read } from '../users.ts';
import type { Judged } from './judged.ts';
import { branchesOf, overdueOf } from './overdue.ts';

/** A list that is asked for, with its ids as they stand in columns. */
export interface Asked {
  readonly scope: string;
  readonly after: string;
  readonly status: readonly Status[];
  /** One more than the page, which tells whether there is more. */
  readonly most: number;
}

/** Where lists of one tenant are looked up. */
interface Lists {
  readonly parts: Parts;
  readonly judged: Judged;
  readonly tenant: string;
}

const LATE = sql`late_users`;
const PICKED = sql`picked_users`;

const within = ({ tenant }: Lists, { scope }: Asked): RawBuilder<unknown> =>
  sql`s.tenant = ${tenant} and s.scope = ${scope}`;

const names = (ids: readonly string[]): string[][] => ids.map((id) => [id]);

/** The first members of one status, but for those who went with their node. */
const group = (lists: Lists, asked: Asked, status: Status): RawBuilder<unknown> => {
  const { tables, dialect } = lists.parts;
  const { dead } = lists.judged;
  const alive = dead.length === 0 ? sql`` : sql`and not ${dialect.among(['s.solo'], names(dead))}`;
  return sql`select user_id from (select s.user_id from ${tables.scope.name} s
    where ${within(lists, asked)} and s.status = ${status} and s.user_id > ${asked.after} ${alive}
    order by s.user_id limit ${asked.most}) ${sql.ref(`g_${status}`)}`;
};

/** The first members who hang on a dead node alone: they are offline, whatever is written of them. */
const deadGroup = ({ parts, judged: { dead }, tenant }: Lists, asked: Asked) => {
  const { hold, user, scope } = parts.tables;
  const { among, joinEach } = parts.dialect;
  return sql`select user_id from (select s.user_id from ${hold.name} h
    ${joinEach} ${user.name} u on u.tenant = h.tenant and u.user_id = h.user_id
    ${joinEach} ${scope.name} s on s.tenant = h.tenant and s.scope = ${asked.scope}
      and s.status = u.status and s.user_id = h.user_id
    where ${among(['h.lease_id'], names(dead))} and h.solo = 1 and h.tenant = ${tenant}
      and h.user_id > ${asked.after} order by h.user_id limit ${asked.most}) g_dead`;
};

/** Members who are overdue, whatever is written of them. */
const lateGroup = (lists: Lists, asked: Asked, place: string): RawBuilder<unknown> => {
  const { user, scope } = lists.parts.tables;
  const { joinEach } = lists.parts.dialect;
  return sql`select ${place} as place, 'late' as kind, o.user_id from ${LATE} o
    ${joinEach} ${user.name} u on u.tenant = ${lists.tenant} and u.user_id = o.user_id
    ${joinEach} ${scope.name} s on ${within(lists, asked)} and s.status = u.status and s.user_id = o.user_id
    where o.user_id > ${asked.after}`;
};

/** The first of all its groups: what is behind them is on another page. */
const itemsOf = (lists: Lists, asked: Asked, place: string): RawBuilder<unknown> => {
  const groups = asked.status.map((status) => group(lists, asked, status));
  if (lists.judged.dead.length > 0 && asked.status.includes('offline')) {
    groups.push(deadGroup(lists, asked));
  }
  return sql`select ${place}, 'item', user_id from (select user_id from
    (${sql.join(groups, sql` union all `)}) each_group order by user_id limit ${asked.most}) of_list`;
};

/** Everything of whoever may be on a page of these lists, read at one instant. The others say who: `tenant` is the list's place. */
export const readPicked = (lists: Lists, asked: readonly Asked[]): Promise<Read | null> => {
  const { parts, judged, tenant } = lists;
  const { once } = parts.dialect;
  const members = asked.flatMap((each, index) => [
    lateGroup(lists, each, String(index)),
    ...(each.status.length > 0 ? [itemsOf(lists, each, String(index))] : []),
  ]);
  const common = sql`with ${LATE} ${once} (${overdueOf(parts, judged, tenant)}),
    ${PICKED} ${once} (${sql.join(members, sql` union all `)})`;
  const marks: Branch = sql`select p.kind, p.place, p.user_id, null, null, null, null, null from ${PICKED} p`;
  return readRows(
    parts,
    parts.db,
    [metaBranch(parts), marks, ...branchesOf(parts, tenant, PICKED)],
    common,
  );
};
