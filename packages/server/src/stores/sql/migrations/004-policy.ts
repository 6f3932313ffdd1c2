import { sql } from 'kysely';
import type { Ground, Migration } from './migrations.ts';
import { typesOf } from './types.ts';

/** One row: how whoever opened the store last judges. */
const up = async (ground: Ground): Promise<void> => {
  const { db, tables } = ground;
  const { int, long } = await typesOf(ground);
  await sql`create table ${tables.policy.name} (
    id ${int} not null primary key, settings ${long} not null)`.execute(db);
};

const down = async ({ db, tables }: Ground): Promise<void> => {
  await sql`drop table if exists ${tables.policy.name}`.execute(db);
};

export const policyTable: Migration = { name: '004-policy', up, down };
