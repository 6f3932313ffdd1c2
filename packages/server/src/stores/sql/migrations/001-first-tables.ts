import { sql, type RawBuilder } from 'kysely';
import { nameOf, type TableName } from '../tables.ts';
import type { Ground, Migration } from './migrations.ts';
import { typesOf, type Types } from './types.ts';
import { currentView } from './001-current-view.ts';

type Part = RawBuilder<unknown>;

const userTable = (name: Part, { key, long, int }: Types): Part => sql`create table ${name} (
  tenant ${key} not null, user_id ${key} not null, revision ${int} not null, version ${int} not null,
  status varchar(8) not null, since ${int}, last_seen_at ${int}, last_active_at ${int}, deadline ${int},
  solo ${key} not null, holds_absent ${int} not null, scopes ${long} not null, data ${long} not null,
  primary key (tenant, user_id))`;

// No index on the end, which every renewal moves: leases are found by when they have to be looked at.
const leaseTable = (name: Part, { key, int, hot }: Types): Part => sql`create table ${name} (
  id ${key} not null primary key, expires_at ${int} not null, check_at ${int} not null,
  pardon ${int} not null, tenant ${key} not null, user_id ${key} not null) ${hot}`;

const nodeTable = (name: Part, { key, int, hot }: Types): Part => sql`create table ${name} (
  id ${key} not null primary key, expires_at ${int} not null, pardon ${int} not null) ${hot}`;

const holdTable = (name: Part, { key, int, narrow }: Types): Part => sql`create table ${name} (
  lease_id ${key} not null, solo ${int} not null, tenant ${key} not null, user_id ${key} not null,
  primary key (lease_id, solo, tenant, user_id)) ${narrow}`;

const scopeTable = (name: Part, { key, narrow }: Types): Part => sql`create table ${name} (
  tenant ${key} not null, scope ${key} not null, status varchar(8) not null, user_id ${key} not null,
  solo ${key} not null, primary key (tenant, scope, status, user_id)) ${narrow}`;

const feedTable = (name: Part, { key, int, hot }: Types): Part => sql`create table ${name} (
  tenant ${key} not null primary key, seq ${int} not null) ${hot}`;

const changeTable = (name: Part, { key, long, int }: Types): Part => sql`create table ${name} (
  tenant ${key} not null, seq ${int} not null, user_id ${key} not null, revision ${int} not null,
  at ${int} not null, data ${long} not null, primary key (tenant, seq))`;

const metaTable = (name: Part, { key, long, int }: Types): Part => sql`create table ${name} (
  id ${int} not null primary key, epoch ${key} not null, pulse_at ${int} not null,
  pardon ${int} not null, pardons ${long} not null, alive_at ${int} not null,
  shared_until ${int} not null, own_until ${int} not null)`;

const TABLES: readonly (readonly [TableName, (name: Part, types: Types) => Part])[] = [
  ['user', userTable],
  ['lease', leaseTable],
  ['node', nodeTable],
  ['hold', holdTable],
  ['scope', scopeTable],
  ['feed', feedTable],
  ['change', changeTable],
  ['meta', metaTable],
];

const INDEXES: readonly (readonly [TableName, string, readonly string[]])[] = [
  ['user', 'status', ['tenant', 'status', 'user_id']],
  ['user', 'seen', ['tenant', 'last_seen_at', 'user_id']],
  ['user', 'deadline', ['deadline', 'tenant', 'user_id']],
  ['lease', 'check', ['check_at', 'id']],
  ['lease', 'owner', ['tenant', 'user_id']],
  ['hold', 'owner', ['tenant', 'user_id']],
  ['change', 'age', ['at']],
];

const listed = (columns: readonly string[]): Part => sql.join(columns.map((name) => sql.ref(name)));

const up = async (ground: Ground): Promise<void> => {
  const { db, tables } = ground;
  const types = await typesOf(ground);
  for (const [name, create] of TABLES) await create(tables[name].name, types).execute(db);
  for (const [name, index, columns] of INDEXES) {
    const title = sql.id(`${tables.place.prefix}${name}_${index}`);
    await sql`create index ${title} on ${tables[name].name} (${listed(columns)})`.execute(db);
  }
  await currentView(ground).execute(db);
};

const down = async ({ db, tables }: Ground): Promise<void> => {
  await sql`drop view if exists ${sql.table(nameOf(tables.place, 'current'))}`.execute(db);
  for (const [name] of TABLES) await sql`drop table if exists ${tables[name].name}`.execute(db);
};

export const firstTables: Migration = { name: '001-first-tables', up, down };
