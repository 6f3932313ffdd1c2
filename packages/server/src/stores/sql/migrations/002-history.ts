import { sql, type RawBuilder } from 'kysely';
import type { Ground, Migration } from './migrations.ts';
import { typesOf } from './types.ts';

const listed = (columns: readonly string[]): RawBuilder<unknown> =>
  sql.join(columns.map((name) => sql.ref(name)));

/** What is kept of transitions, where history is on, and whose was erased a moment ago. */
const up = async (ground: Ground): Promise<void> => {
  const { db, tables } = ground;
  const { step, erasure, place } = tables;
  const { key, int } = await typesOf(ground);
  await sql`create table ${step.name} (
    tenant ${key} not null, user_id ${key} not null, revision ${int} not null, version ${int} not null,
    status varchar(8) not null, at ${int} not null, cause varchar(32) not null,
    primary key (tenant, user_id, revision))`.execute(db);
  await sql`create table ${erasure.name} (
    tenant ${key} not null, user_id ${key} not null, below ${int} not null, at ${int} not null,
    primary key (tenant, user_id))`.execute(db);
  // By age over all tenants for the end of retention, and of one tenant for what many did together.
  const age = sql.id(`${place.prefix}step_age`);
  await sql`create index ${age} on ${step.name} (at)`.execute(db);
  const together = sql.id(`${place.prefix}step_together`);
  const columns = listed(['tenant', 'at', 'user_id', 'revision']);
  await sql`create index ${together} on ${step.name} (${columns})`.execute(db);
};

const down = async ({ db, tables }: Ground): Promise<void> => {
  for (const { name } of [tables.step, tables.erasure]) {
    await sql`drop table if exists ${name}`.execute(db);
  }
};

export const history: Migration = { name: '002-history', up, down };
