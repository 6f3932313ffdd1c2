import { sql, type RawBuilder } from 'kysely';
import type { Dialect } from './dialect.ts';
import { leasesOfUser } from './leases/of-users.ts';
import type { Tables } from './tables.ts';

/** A column of the row in which the store knows itself. */
export type MetaColumn = (name: string) => RawBuilder<unknown>;

/** Where that row is joined as `m`. */
export const joinedMeta: MetaColumn = (name) => sql.ref(`m.${name}`);

/** Where it stands by itself: read once for a statement, and not once for each user. */
export const loneMeta =
  ({ meta }: Tables): MetaColumn =>
  (name) =>
    sql`(select ${sql.ref(name)} from ${meta.name})`;

/** When the last lease ends of the user in the row `u`, by the store's amnesties; 0: there is none. */
export const endsAt = (
  where: {
    readonly dialect: Dialect;
    readonly tables: Tables;
  },
  meta: MetaColumn,
): RawBuilder<number> => {
  const { hold, node } = where.tables;
  const ends = (rows: RawBuilder<unknown>, until: string): RawBuilder<unknown> =>
    sql`coalesce((select max(case when ${meta(until)} > l.expires_at
      and l.expires_at > ${meta('alive_at')} and l.pardon < ${meta('pardon')}
      then ${meta(until)} else l.expires_at end) from ${rows}), 0)`;
  const own = ends(leasesOfUser(where), 'own_until');
  const shared = ends(
    sql`${hold.name} h join ${node.name} l on l.id = h.lease_id
      where h.tenant = u.tenant and h.user_id = u.user_id`,
    'shared_until',
  );
  return where.dialect.greatest(own, shared);
};
