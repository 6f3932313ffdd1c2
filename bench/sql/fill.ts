// A million users written past the store, as its tables hold them: making them through it would take minutes.
import { sql, type Kysely } from 'kysely';
import { encodeRecord } from '../../packages/server/src/stores/shared/record-text.ts';
import { firstBeat } from '../redis/records.ts';
import type { BenchDatabase } from './databases.ts';

const HOUR_MS = 3_600_000;

interface Filling {
  readonly users: number;
  /** The first so many have a lease that ended a second ago. */
  readonly due: number;
}

/** Numbers 0 to `count` - 1 as rows `i`. */
const numbers = (name: BenchDatabase['name'], count: number) =>
  name === 'Postgres'
    ? sql`generate_series(0, ${count - 1}::int) as i`
    : sql`(with recursive n(i) as (select 0 union all select i + 1 from n where i < ${count - 1})
        select i from n) n`;

/** A record as the store writes it, with the user's number wherever `#` stood. */
const dataOf = (): string => {
  const { record } = firstBeat(0, 0);
  return encodeRecord({ ...record!, userId: 'user-#' }).replaceAll('letters-0', 'letters-#');
};

export const fill = async (
  { db, name }: { db: Kysely<unknown>; name: BenchDatabase['name'] },
  { users, due }: Filling,
): Promise<void> => {
  const now = Date.now();
  const n = numbers(name, users);
  const number = sql`cast(i as ${name === 'Postgres' ? sql`text` : sql`char`})`;
  const id = (before: string) => sql`${before} || ${number}`;
  const ends = sql`case when i < ${sql.lit(due)} then ${sql.lit(now - 1000)} else ${sql.lit(now + HOUR_MS)} end`;
  await sql`insert into presence_user (tenant, user_id, revision, version, status, since, last_seen_at,
    last_active_at, deadline, solo, holds_absent, scopes, data)
    select 'acme', ${id('user-')}, 1, 1, 'online', 1, null, null, null, '', 0, '["t"]',
    replace(${dataOf()}, '#', ${number}) from ${n}`.execute(db);
  await sql`insert into presence_lease (id, expires_at, check_at, pardon, tenant, user_id)
    select ${id('o:session-of-21-letters-')} || ':1', ${ends}, ${ends}, 0, 'acme', ${id('user-')}
    from ${n}`.execute(db);
  await sql`insert into presence_scope (tenant, scope, status, user_id, solo)
    select 'acme', 't', 'online', ${id('user-')}, '' from ${n}`.execute(db);
  await sql`analyze`.execute(db);
};

export const empty = async (db: Kysely<unknown>): Promise<void> => {
  for (const table of ['user', 'lease', 'node', 'hold', 'scope', 'feed', 'change']) {
    await sql`delete from ${sql.table(`presence_${table}`)}`.execute(db);
  }
};
