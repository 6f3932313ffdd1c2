import { sql, type RawBuilder } from 'kysely';
import { codeOf, type Db, type Dialect, type Meaning } from '../dialect.ts';
import { lockedOut } from '../failures.ts';
import type { Row } from '../tables.ts';

const listed = (columns: readonly string[]): RawBuilder<unknown> =>
  sql.join(columns.map((column) => sql.ref(column)));

const values = (rows: readonly Row[]): RawBuilder<unknown> =>
  sql.join(rows.map((row) => sql`(${sql.join(row)})`));

/** MariaDB deletes by no index where rows are compared with a list of rows. */
const anyOf = (columns: readonly string[], keys: readonly Row[]): RawBuilder<boolean> => {
  const equal = keys.map((key) => {
    const parts = columns.map((column, place) => sql`${sql.ref(column)} = ${key[place]}`);
    return sql`(${sql.join(parts, sql` and `)})`;
  });
  return sql<boolean>`(${sql.join(equal, sql` or `)})`;
};

/** A deadlock, a lock time-out, a row that somebody else inserted first. */
const AGAIN = ['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT', 'ER_DUP_ENTRY', 'ER_CHECKREAD'];
const MISSING = ['ER_NO_SUCH_TABLE', 'ER_BAD_FIELD_ERROR'];
const READ_ONLY = ['ER_OPTION_PREVENTS_STATEMENT', 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION'];
const NO_DATABASE = ['ER_BAD_DB_ERROR', 'ER_NO_DB_ERROR'];
const LOGIN = [
  'ER_ACCESS_DENIED_ERROR',
  'ER_ACCESS_DENIED_NO_PASSWORD_ERROR',
  'ER_ACCOUNT_HAS_BEEN_LOCKED',
  'ER_HOST_NOT_PRIVILEGED',
  'ER_MUST_CHANGE_PASSWORD_LOGIN',
  'ER_NOT_SUPPORTED_AUTH_MODE',
];
const RIGHTS = [
  'ER_DBACCESS_DENIED_ERROR',
  'ER_TABLEACCESS_DENIED_ERROR',
  'ER_COLUMNACCESS_DENIED_ERROR',
  'ER_SPECIFIC_ACCESS_DENIED_ERROR',
];
const CLOSING = [
  'ER_CON_COUNT_ERROR',
  'ER_TOO_MANY_USER_CONNECTIONS',
  'ER_SERVER_SHUTDOWN',
  'ER_CONNECTION_KILLED',
  'ER_CLIENT_INTERACTION_TIMEOUT',
];

const CODES: readonly (readonly [Meaning, readonly string[]])[] = [
  ['again', AGAIN],
  ['missing', MISSING],
  ['no-database', NO_DATABASE],
  ['login', LOGIN],
  ['rights', RIGHTS],
  ['read-only', READ_ONLY],
  ['closing', CLOSING],
];

/** A database that a statement names is that of the option `schema`, which a migration makes. */
const isOfStatement = (error: unknown): boolean =>
  typeof (error as { readonly sql?: unknown } | null)?.sql === 'string';

/**
 * In UTC, so that the hour that summer time repeats is not met twice; and of now, not of when the
 * statement began to wait for a lock.
 */
const CLOCK = sql<number>`cast(floor((timestampdiff(microsecond, '1970-01-01', utc_timestamp(6))
  + least(greatest(timestampdiff(microsecond, now(6), sysdate(6)), 0), 60000000)) / 1000) as signed)`;

/** Locks of a session have names of at most 64 characters. */
const LONGEST_NAME = 64;
const LOCK_SECONDS = 600;

const exclusively = <Answer>(db: Db, name: string, work: (tx: Db) => Promise<Answer>) =>
  db.connection().execute(async (connection) => {
    const lock = name.slice(-LONGEST_NAME);
    const { rows } = await sql<{
      isMine: unknown;
    }>`select get_lock(${lock}, ${LOCK_SECONDS}) as ${sql.ref('isMine')}`.execute(connection);
    if (Number(rows[0]?.isMine) !== 1) throw lockedOut(LOCK_SECONDS);
    try {
      return await work(connection);
    } finally {
      await sql`select release_lock(${lock})`.execute(connection);
    }
  });

/**
 * No node that stands still may keep others waiting for the rows that it locked, and who waits for a row is to give its
 * connection back soon. MySQL cannot end a transaction that stands still. The settings are a connection's, which is the
 * application's as well: what they were is put back.
 */
const LIMITS = sql`set @presence_wait = @@session.innodb_lock_wait_timeout,
  @@session.innodb_lock_wait_timeout = 1
  /*M! , @presence_idle = @@session.idle_transaction_timeout, @@session.idle_transaction_timeout = 2 */`;
const NO_LIMITS = sql`set @@session.innodb_lock_wait_timeout = @presence_wait
  /*M! , @@session.idle_transaction_timeout = @presence_idle */`;

const transaction: Dialect['transaction'] = (db, work) =>
  db.connection().execute(async (connection) => {
    await LIMITS.execute(connection);
    try {
      return await connection.transaction().setIsolationLevel('read committed').execute(work);
    } finally {
      // One that was lost is nobody's any more.
      await NO_LIMITS.execute(connection).catch(() => undefined);
    }
  });

export const mysql: Dialect = Object.freeze<Dialect>({
  name: 'mysql',
  clock: CLOCK,
  locksRows: true,
  findsLeasesByUser: true,
  // MariaDB knows no other way to say it.
  forShare: sql`lock in share mode`,
  forUpdate: sql`for update`,
  forUpdateOfFree: sql`for update skip locked`,
  changesFree: false,
  among: (columns, keys) =>
    columns.length === 1
      ? sql<boolean>`${sql.ref(columns[0]!)} in (${sql.join(keys.map(([key]) => key))})`
      : anyOf(columns, keys),
  insert: ({ name, columns }, rows) =>
    sql`insert into ${name} (${listed(Object.keys(columns))}) values ${values(rows)}`,
  onConflict: () => sql`on duplicate key update`,
  orKeep: ([key]) => sql`on duplicate key update ${sql.ref(key!)} = ${sql.ref(key!)}`,
  given: (column) => sql`values(${sql.ref(column)})`,
  returns: false,
  joinEach: sql`straight_join`,
  once: sql`as`,
  greatest: (a, b) => sql<number>`greatest(${a}, ${b})`,
  deleteSome: ({ name }, _keys, condition, limit) =>
    sql`delete from ${name} where ${condition} limit ${limit}`,
  transaction,
  reading: transaction,
  undoesTables: false,
  exclusively,
  // Three such columns and a status still make one index.
  longestKey: 250,
  meaningOf: (error): Meaning => {
    const code = codeOf(error);
    if (code === 'ER_BAD_DB_ERROR' && isOfStatement(error)) return 'missing';
    return CODES.find(([, codes]) => codes.includes(code))?.[0] ?? 'down';
  },
});
