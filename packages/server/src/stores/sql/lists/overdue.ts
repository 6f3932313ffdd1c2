import type { Key, Loaded } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import { hasEnded } from '../amnesty.ts';
import { joinedLeases } from '../leases/of-users.ts';
import { mayChange, type Loads } from '../loads.ts';
import type { Parts } from '../parts.ts';
import { loadedOf, nameOf, type Branch, type Read } from '../users.ts';
import type { Judged } from './judged.ts';

/** More overdue records than this are not looked through: reaping comes first. */
export const MOST_OVERDUE = 1000;

/**
 * Those of a tenant's users (`user_id`) whose deadline passed or whose lease ended, but for the lease
 * that they hang on alone.
 */
export const overdueOf = (
  { tables, dialect }: Parts,
  { now, dead }: Judged,
  tenant: string,
): RawBuilder<unknown> => {
  const { user, lease, hold } = tables;
  const { amnesties, at } = now;
  const most = MOST_OVERDUE + 1;
  const late = sql`select user_id from (select user_id from ${user.name}
    where deadline <= ${at} and tenant = ${tenant} limit ${most}) late`;
  const ended = sql`select user_id from (select user_id from ${lease.name}
    where check_at <= ${at} and ${hasEnded(amnesties, 'own', at)} and tenant = ${tenant}
    limit ${most}) ended`;
  if (dead.length === 0) return sql`${late} union ${ended}`;
  const parted = sql`select user_id from (select user_id from ${hold.name}
    where ${dialect.among(
      ['lease_id'],
      dead.map((id) => [id]),
    )} and solo = 0 and tenant = ${tenant}
    limit ${most}) parted`;
  return sql`${late} union ${ended} union ${parted}`;
};

/** Records and leases of the users (`user_id`) of a common table. */
export const branchesOf = (parts: Parts, tenant: string, table: RawBuilder<unknown>): Branch[] => {
  const { tables, dialect } = parts;
  const { user, hold, node } = tables;
  const ofUser = (row: string) =>
    sql<boolean>`${sql.ref(`${row}.tenant`)} = ${tenant} and ${sql.ref(`${row}.user_id`)} = p.user_id`;
  const those = sql`(select distinct user_id from ${table}) p ${dialect.joinEach}`;
  return [
    sql`select 'data', u.tenant, u.user_id, null, u.deadline, null, null, u.data from ${those} ${user.name} u on u.tenant = ${tenant} and u.user_id = p.user_id`,
    sql`select 'held', l.tenant, l.user_id, l.id, l.expires_at, l.pardon, 0, null from ${those} ${joinedLeases(parts, ofUser)}`,
    sql`select 'held', h.tenant, h.user_id, h.lease_id, n.expires_at, n.pardon, h.solo, null from ${those} ${hold.name} h on h.tenant = ${tenant} and h.user_id = p.user_id
      left join ${node.name} n on n.id = h.lease_id`,
  ];
};

/** Overdue users as they were read, or as they are once nobody can change what time has ended. */
export const settledOverdue = async (
  read: Read,
  loads: Loads,
  tenant: string,
  asked: readonly { readonly key: Key; readonly userId: string }[],
): Promise<Loaded[]> => {
  const names = asked.map(({ userId }) => nameOf(tenant, userId));
  const items = asked.map(({ key }, place) => loadedOf(read, key, names[place]!));
  const unsure = asked.flatMap((_, place) => (mayChange(read, names[place]!) ? [place] : []));
  const again = await loads.settled(unsure.map((place) => asked[place]!.key));
  unsure.forEach((place, index) => {
    items[place] = again[index]!.loaded;
  });
  return items.filter(({ record }) => record !== null);
};
