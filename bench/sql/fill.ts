// A million users written past the store, as its tables hold them: making them through it would take minutes.
import { sql, type Kysely } from 'kysely';
import { encodeRecord } from '../../packages/server/src/stores/shared/record-text.ts';
import { firstBeat } from '../redis/records.ts';
import type { BenchDatabase } from './databases.ts';

const HOUR_MS = 3_600_000;

/** So many at once, so that the store can write its pulse in between. */
const PIECE = 50_000;

interface Some {
  readonly from: number;
  readonly count: number;
}

/** Numbers as rows `i`: a number that Node gives to SQLite by itself is none of its whole ones. */
const numbers = (name: BenchDatabase['name'], { from, count }: Some) => {
  const last = from + count - 1;
  return name === 'Postgres'
    ? sql`generate_series(${from}::int, ${last}::int) as i`
    : sql`(with recursive n(i) as (select ${sql.lit(from)} union all select i + 1 from n where i < ${last})
        select i from n) n`;
};

/** A record as the store writes it, with the user's number wherever `#` stood. */
const dataOf = (): string => {
  const { record } = firstBeat(0, 0);
  return encodeRecord({ ...record!, userId: 'user-#' }).replaceAll('letters-0', 'letters-#');
};

const textOf = (name: BenchDatabase['name']) =>
  sql`cast(i as ${name === 'Postgres' ? sql`text` : sql`char`})`;

const fillSome = async ({ db, name }: BenchDatabase, some: Some): Promise<void> => {
  const n = numbers(name, some);
  const number = textOf(name);
  const id = (before: string) => sql`${before} || ${number}`;
  const ends = Date.now() + HOUR_MS;
  await sql`insert into presence_user (tenant, user_id, revision, version, status, since, last_seen_at,
    last_active_at, deadline, solo, holds_absent, scopes, data, leases)
    select 'acme', ${id('user-')}, 1, 1, 'online', 1, null, null, null, '', 0, '["t"]',
    replace(${dataOf()}, '#', ${number}),
    '["o:session-of-21-letters-' || ${number} || ':1"]' from ${n}`.execute(db);
  await sql`insert into presence_lease (id, expires_at, check_at, pardon, tenant, user_id)
    select ${id('o:session-of-21-letters-')} || ':1', ${sql.lit(ends)}, ${sql.lit(ends)}, 0, 'acme', ${id('user-')}
    from ${n}`.execute(db);
  await sql`insert into presence_scope (tenant, scope, status, user_id, solo)
    select 'acme', 't', 'online', ${id('user-')}, '' from ${n}`.execute(db);
};

export const fill = async (
  database: BenchDatabase,
  users: number,
  onPiece: () => Promise<unknown>,
): Promise<void> => {
  for (let from = 0; from < users; from += PIECE) {
    await fillSome(database, { from, count: Math.min(PIECE, users - from) });
    await onPiece();
  }
  await sql`analyze`.execute(database.db);
};

/** The leases of some users ended a second ago. */
export const end = async ({ db, name }: BenchDatabase, some: Some): Promise<void> => {
  const ended = Date.now() - 1000;
  await sql`update presence_lease set expires_at = ${ended}, check_at = ${ended},
    pardon = (select pardon from presence_meta) where id in
    (select ${'o:session-of-21-letters-'} || ${textOf(name)} || ':1' from ${numbers(name, some)})`.execute(
    db,
  );
};

export const empty = async (db: Kysely<unknown>): Promise<void> => {
  for (const table of ['user', 'lease', 'node', 'hold', 'scope', 'feed', 'change']) {
    await sql`delete from ${sql.table(`presence_${table}`)}`.execute(db);
  }
};
