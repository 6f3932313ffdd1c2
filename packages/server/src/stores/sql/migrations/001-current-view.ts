import { sql, type RawBuilder } from 'kysely';
import { endsAt, joinedMeta, type MetaColumn } from '../ends-at.ts';
import { nameOf } from '../tables.ts';
import type { Ground } from './migrations.ts';

/** How a view reads the row in which the store knows itself, and the clock. */
export interface ViewForm {
  readonly meta: MetaColumn;
  /** Behind `from`: the users' rows as `u`. */
  readonly rows: RawBuilder<unknown>;
  readonly clock: RawBuilder<number>;
}

/** As it was first: that row is joined to each user's. */
const joinedForm = ({ dialect, tables }: Ground): ViewForm => ({
  meta: joinedMeta,
  rows: sql`${tables.user.name} u cross join ${tables.meta.name} m`,
  clock: dialect.clock,
});

/**
 * For joins with the application's own tables: whoever has no living lease is offline at any instant,
 * before anybody reaped; finer statuses are as the last commit left them.
 */
export const viewOfCurrent = (
  ground: Ground,
  { meta, rows, clock }: ViewForm = joinedForm(ground),
): RawBuilder<unknown> =>
  sql`create view ${sql.table(nameOf(ground.tables.place, 'current'))} as
    select tenant, user_id,
      case when is_as_written = 1 then status else 'offline' end as status,
      case when is_as_written = 1 then since else ends_at end as since,
      case when is_as_written = 1 then last_seen_at else ends_at end as last_seen_at,
      last_active_at, version
    from (select tenant, user_id, status, since, last_seen_at, last_active_at, version, ends_at,
        case when status = 'offline' or holds_absent = 1 or ends_at > ${clock}
          then 1 else 0 end as is_as_written
      from (select u.tenant, u.user_id, u.status, u.since, u.last_seen_at, u.last_active_at,
          u.version, u.holds_absent, ${endsAt(ground, meta)} as ends_at
        from ${rows}) each_user) judged_user`;

/** As it was first: each database found a user's leases by an index. */
export const currentView = (ground: Ground): RawBuilder<unknown> =>
  viewOfCurrent({ ...ground, dialect: { ...ground.dialect, findsLeasesByUser: true } });

export const replaceView = async (
  { db, tables }: Ground,
  view: RawBuilder<unknown>,
): Promise<void> => {
  await sql`drop view if exists ${sql.table(nameOf(tables.place, 'current'))}`.execute(db);
  await view.execute(db);
};
