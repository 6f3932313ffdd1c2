import { sql, type RawBuilder } from 'kysely';
import { currentView, replaceView, viewOfCurrent } from './001-current-view.ts';
import type { Ground, Migration } from './migrations.ts';
import { typesOf } from './types.ts';

const indexOf = ({ tables }: Ground): RawBuilder<unknown> =>
  sql.id(`${tables.place.prefix}lease_owner`);

/** A user's row names their own leases. SQLite needs no index for it then, which everybody who comes or goes would change. */
const up = async (ground: Ground): Promise<void> => {
  const { db, dialect, tables } = ground;
  const { user, lease } = tables;
  const { long } = await typesOf(ground);
  await sql`alter table ${user.name} add column leases ${long}`.execute(db);
  if (dialect.findsLeasesByUser) return;
  await sql`update ${user.name} as u set leases = (select json_group_array(l.id) from ${lease.name} l
    where l.tenant = u.tenant and l.user_id = u.user_id)`.execute(db);
  await replaceView(ground, viewOfCurrent(ground));
  await sql`drop index ${indexOf(ground)}`.execute(db);
};

/** MySQL knows no `drop column if exists`, and may have been stopped before the column was there. */
const hasColumn = async ({ db, dialect, tables: { place } }: Ground): Promise<boolean> => {
  if (dialect.undoesTables) return true;
  const { rows } = await sql`select 1 from information_schema.columns
    where table_schema = coalesce(${place.schema ?? null}, database())
      and table_name = ${`${place.prefix}user`} and column_name = 'leases'`.execute(db);
  return rows.length > 0;
};

const down = async (ground: Ground): Promise<void> => {
  const { db, dialect, tables } = ground;
  const { user, lease } = tables;
  if (!dialect.findsLeasesByUser) {
    await sql`create index ${indexOf(ground)} on ${lease.name} (tenant, user_id)`.execute(db);
    await replaceView(ground, currentView(ground));
  }
  if (await hasColumn(ground)) await sql`alter table ${user.name} drop column leases`.execute(db);
};

export const leasesOfUsers: Migration = { name: '007-leases-of-users', up, down };
