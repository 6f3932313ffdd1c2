import type { Account } from '@presence/core';
import { sql } from 'kysely';
import type { Db } from '../src/stores/sql/dialect.ts';
import type { DatabaseName } from './sql.ts';

export const DATABASES: readonly DatabaseName[] = [
  'node:sqlite',
  'better-sqlite3',
  'pglite',
  'postgres',
  'mariadb',
];

export const TENANT = 'acme';

/** id, tenant, name, e-mail, status, is_active */
type Person = readonly [string, string, string | null, string | null, string, boolean | null];

/** The application's users. */
export const PEOPLE: readonly Person[] = [
  ['1', TENANT, 'Ada Lovelace', 'ada@example.org', 'active', true],
  ['2', TENANT, 'Émile Zola', 'emile@example.org', 'active', true],
  ['3', TENANT, "Miles O'Brien", 'miles@example.org', 'suspended', true],
  ['4', TENANT, '100% Cotton_Joe', null, 'active', false],
  ['5', TENANT, null, 'nameless@example.org', 'active', null],
  ['6', TENANT, 'Ada Byron', 'byron@example.org', 'unheard-of', true],
  ['7', TENANT, 'Zoë "Q" Barnes', 'zoe@example.org', 'pending', false],
  ['10', TENANT, null, null, 'active', true],
  ['20', 'other', 'Ada Stranger', 'ada@other.example', 'active', true],
];

const isPostgres = (name: DatabaseName) => name === 'postgres' || name === 'pglite';

export const createPeople = async (name: DatabaseName, db: Db, table: string): Promise<void> => {
  const flag = isPostgres(name) ? sql`boolean` : sql`tinyint`;
  await sql`create table ${sql.table(table)} (id bigint not null primary key, org varchar(100) not null,
    full_name varchar(100), mail varchar(100), status varchar(20) not null, is_active ${flag})`.execute(
    db,
  );
  for (const [id, org, full, mail, status, active] of PEOPLE) {
    const isActive = active === null || isPostgres(name) ? active : Number(active);
    await sql`insert into ${sql.table(table)} values (${Number(id)}, ${org}, ${full}, ${mail}, ${status}, ${isActive})`.execute(
      db,
    );
  }
};

export const ACCOUNT: Readonly<Record<string, Readonly<Record<string, Account>>>> = {
  status: { active: 'active', suspended: 'suspended', pending: 'pending' },
  is_active: { true: 'active', false: 'inactive' },
};

export const columns = { userId: 'id', tenant: 'org', name: 'full_name', email: 'mail' };
