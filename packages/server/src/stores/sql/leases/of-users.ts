import { sql, type RawBuilder } from 'kysely';
import type { Dialect } from '../dialect.ts';
import type { Tables } from '../tables.ts';

interface Where {
  readonly dialect: Dialect;
  readonly tables: Tables;
}

/** Behind `from`: the own leases, as `l`, of the user in the row `u` around it. Ends with a condition. */
export const leasesOfUser = ({ dialect, tables: { lease } }: Where): RawBuilder<unknown> =>
  dialect.findsLeasesByUser
    ? sql`${lease.name} l where l.tenant = u.tenant and l.user_id = u.user_id`
    : sql`json_each(u.leases) e ${dialect.joinEach} ${lease.name} l where l.id = e.value`;

/** Of a row whose name is given: whether it is of one of the users who are asked for. */
type Those = (row: 'u' | 'l') => RawBuilder<boolean>;

/** From a user's row to the leases that it names. */
const named = ({ dialect, tables: { lease } }: Where): RawBuilder<unknown> =>
  sql`${dialect.joinEach} json_each(u.leases) e ${dialect.joinEach} ${lease.name} l on l.id = e.value`;

/**
 * Behind `from`: the own leases, as `l`, of some users. Ends with a condition.
 *
 * @param ids what the users' rows name, where those were read before
 */
export const leasesOfUsers = (
  where: Where,
  those: Those,
  ids: readonly string[] | null,
): RawBuilder<unknown> => {
  const { dialect, tables } = where;
  const { user, lease } = tables;
  if (dialect.findsLeasesByUser) return sql`${lease.name} l where ${those('l')}`;
  if (ids === null) return sql`${user.name} u ${named(where)} where ${those('u')}`;
  return sql`${lease.name} l where ${dialect.among(
    ['l.id'],
    ids.map((id) => [id]),
  )}`;
};

/** Behind `join`: the same. Ends with its own `on`. */
export const joinedLeases = (where: Where, those: Those): RawBuilder<unknown> => {
  const { user, lease } = where.tables;
  return where.dialect.findsLeasesByUser
    ? sql`${lease.name} l on ${those('l')}`
    : sql`${user.name} u on ${those('u')} ${named(where)}`;
};
