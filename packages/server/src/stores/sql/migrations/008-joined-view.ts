import { sql } from 'kysely';
import { loneMeta } from '../ends-at.ts';
import { replaceView, viewOfCurrent, type ViewForm } from './001-current-view.ts';
import type { Ground, Migration } from './migrations.ts';

/** An instant of the whole statement. What changes within one keeps Postgres from looking into the view. */
const STATEMENT_CLOCK = sql<number>`floor(extract(epoch from statement_timestamp()) * 1000)::bigint`;

/** One table, so that SQLite looks into the view where it is joined; the row of the store is read once. */
const plainForm = ({ dialect, tables }: Ground): ViewForm => ({
  meta: loneMeta(tables),
  rows: sql`${tables.user.name} u`,
  clock: dialect.name === 'postgres' ? STATEMENT_CLOCK : dialect.clock,
});

/** Who is joined with the view is looked up: before, Postgres and SQLite read all users for one. MySQL looked them up as it was. */
const up = async (ground: Ground): Promise<void> => {
  if (ground.dialect.name === 'mysql') return;
  await replaceView(ground, viewOfCurrent(ground, plainForm(ground)));
};

const down = async (ground: Ground): Promise<void> => {
  if (ground.dialect.name === 'mysql') return;
  await replaceView(ground, viewOfCurrent(ground));
};

export const joinedView: Migration = { name: '008-joined-view', up, down };
