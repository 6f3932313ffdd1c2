import { sql } from 'kysely';
import type { Ground, Migration } from './migrations.ts';
import { typesOf } from './types.ts';

/** Who is told of changes, and what they were not told yet. */
const up = async (ground: Ground): Promise<void> => {
  const { db, tables } = ground;
  const { hook, outbox, place } = tables;
  const { key, long, int } = await typesOf(ground);
  await sql`create table ${hook.name} (
    name ${key} not null primary key, enrolled_until ${int} not null,
    owner ${key} not null, owned_until ${int} not null)`.execute(db);
  await sql`create table ${outbox.name} (
    hook ${key} not null, tenant ${key} not null, user_id ${key} not null, revision ${int} not null,
    version ${int} not null, at ${int} not null, failed_at ${int} not null, tries ${int} not null,
    reason varchar(200) not null, data ${long} not null,
    primary key (hook, tenant, user_id, revision))`.execute(db);
  const [waiting, failed] = [`${place.prefix}outbox_waiting`, `${place.prefix}outbox_failed`];
  await sql`create index ${sql.id(waiting)} on ${outbox.name} (hook, failed_at, at)`.execute(db);
  await sql`create index ${sql.id(failed)} on ${outbox.name} (tenant, failed_at)`.execute(db);
};

const down = async ({ db, tables }: Ground): Promise<void> => {
  for (const { name } of [tables.hook, tables.outbox]) {
    await sql`drop table if exists ${name}`.execute(db);
  }
};

export const outboxTables: Migration = { name: '005-outbox', up, down };
