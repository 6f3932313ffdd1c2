import { sql, type RawBuilder } from 'kysely';
import { nameOf } from '../tables.ts';
import type { Ground } from './migrations.ts';

/**
 * For joins with the application's own tables: whoever has no living lease is offline at any instant,
 * before anybody reaped; finer statuses are as the last commit left them.
 */
export const currentView = ({ dialect, tables }: Ground): RawBuilder<unknown> => {
  const { user, lease, hold, node, meta } = tables;
  const ends = (rows: RawBuilder<unknown>, until: string): RawBuilder<unknown> =>
    sql`coalesce((select max(case when ${sql.ref(`m.${until}`)} > x.expires_at
      and x.expires_at > m.alive_at and x.pardon < m.pardon
      then ${sql.ref(`m.${until}`)} else x.expires_at end) from ${rows}), 0)`;
  const own = ends(
    sql`${lease.name} x where x.tenant = u.tenant and x.user_id = u.user_id`,
    'own_until',
  );
  const shared = ends(
    sql`${hold.name} h join ${node.name} x on x.id = h.lease_id
      where h.tenant = u.tenant and h.user_id = u.user_id`,
    'shared_until',
  );
  return sql`create view ${sql.table(nameOf(tables.place, 'current'))} as
    select tenant, user_id,
      case when is_as_written = 1 then status else 'offline' end as status,
      case when is_as_written = 1 then since else ends_at end as since,
      case when is_as_written = 1 then last_seen_at else ends_at end as last_seen_at,
      last_active_at, version
    from (select tenant, user_id, status, since, last_seen_at, last_active_at, version, ends_at,
        case when status = 'offline' or holds_absent = 1 or ends_at > ${dialect.clock}
          then 1 else 0 end as is_as_written
      from (select u.tenant, u.user_id, u.status, u.since, u.last_seen_at, u.last_active_at,
          u.version, u.holds_absent, ${dialect.greatest(own, shared)} as ends_at
        from ${user.name} u cross join ${meta.name} m) each_user) judged_user`;
};
