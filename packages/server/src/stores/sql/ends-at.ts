import { sql, type RawBuilder } from 'kysely';
import type { Dialect } from './dialect.ts';
import type { Tables } from './tables.ts';

/** A column of the row in which the store knows itself. */
export type MetaColumn = (name: string) => RawBuilder<unknown>;

/** Where that row is joined as `m`. */
export const joinedMeta: MetaColumn = (name) => sql.ref(`m.${name}`);

/** When the last lease ends of the user in the row `u`, by the store's amnesties; 0: there is none. */
export const endsAt = (
  {
    dialect,
    tables,
  }: {
    readonly dialect: Dialect;
    readonly tables: Tables;
  },
  meta: MetaColumn,
): RawBuilder<number> => {
  const { lease, hold, node } = tables;
  const ends = (rows: RawBuilder<unknown>, until: string): RawBuilder<unknown> =>
    sql`coalesce((select max(case when ${meta(until)} > x.expires_at
      and x.expires_at > ${meta('alive_at')} and x.pardon < ${meta('pardon')}
      then ${meta(until)} else x.expires_at end) from ${rows}), 0)`;
  const own = ends(
    sql`${lease.name} x where x.tenant = u.tenant and x.user_id = u.user_id`,
    'own_until',
  );
  const shared = ends(
    sql`${hold.name} h join ${node.name} x on x.id = h.lease_id
      where h.tenant = u.tenant and h.user_id = u.user_id`,
    'shared_until',
  );
  return dialect.greatest(own, shared);
};
