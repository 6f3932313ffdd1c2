import { sql } from 'kysely';
import type { Ground, Migration } from './migrations.ts';
import { typesOf } from './types.ts';

/** For a live store elsewhere: who declared something, and whose change is under way. */
const up = async (ground: Ground): Promise<void> => {
  const { db, tables } = ground;
  const { declared, announced, place } = tables;
  const { key, int } = await typesOf(ground);
  await sql`create table ${declared.name} (
    tenant ${key} not null, user_id ${key} not null, primary key (tenant, user_id))`.execute(db);
  await sql`create table ${announced.name} (
    id ${key} not null primary key, tenant ${key} not null, user_id ${key} not null,
    gone ${int} not null, at ${int} not null)`.execute(db);
  const age = sql.id(`${place.prefix}announced_age`);
  await sql`create index ${age} on ${announced.name} (${sql.ref('at')})`.execute(db);
};

const down = async ({ db, tables }: Ground): Promise<void> => {
  for (const { name } of [tables.declared, tables.announced]) {
    await sql`drop table if exists ${name}`.execute(db);
  }
};

export const sinkTables: Migration = { name: '003-sink', up, down };
