import { PresenceError } from '@presence/core';
import { Kysely, MysqlDialect, PostgresDialect, sql } from 'kysely';
import { createPool } from 'mysql2';
import { inspect } from 'node:util';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  missingSql,
  prepare,
  urlOf,
  type DatabaseName,
  type Prepared,
} from '../../../test-fixtures/sql.ts';
import { keyOf, writeOf } from '../../testing/suite/writes.ts';
import type { Db, Meaning } from './dialect.ts';
import { mysql } from './dialects/mysql.ts';
import { postgres } from './dialects/postgres.ts';
import { sqlite } from './dialects/sqlite.ts';
import { unavailable } from './failures.ts';
import { migrate, migrationStatus } from './migrations/migrate.ts';
import { sqlStore } from './sql-store.ts';

type Server = 'postgres' | 'mariadb';

const SERVERS: readonly Server[] = ['postgres', 'mariadb'];
const ALL: readonly DatabaseName[] = ['node:sqlite', 'better-sqlite3', 'pglite', ...SERVERS];

const PASSWORD = 'geheim-zuhause';
const USER = `refused_${process.pid}`;
const NOWHERE = `nowhere_${process.pid}`;

/** A connection of the tests' server, changed. */
const connectTo = (name: Server, change: (url: URL) => void): Db => {
  const url = new URL(urlOf(name));
  change(url);
  const dialect =
    name === 'postgres'
      ? new PostgresDialect({ pool: new Pool({ connectionString: url.href, max: 1 }) })
      : new MysqlDialect({ pool: createPool({ uri: url.href, connectionLimit: 1 }) });
  return new Kysely<unknown>({ dialect });
};

const failed = async (work: unknown): Promise<PresenceError> => {
  const error = await Promise.resolve(work).then(
    () => new Error('It did not fail.'),
    (seen: unknown) => seen,
  );
  if (!(error instanceof PresenceError)) throw error;
  return error;
};

/** What a store on this connection says. */
const said = async (db: Db, prefix = 'presence_'): Promise<string> => {
  const error = await failed(sqlStore({ db, prefix }).load([keyOf('ada')]));
  expect([error.code, error.retryAfterMs]).toEqual(['store_unavailable', 2000]);
  return error.message;
};

const asUser = (url: URL): void => {
  url.username = USER;
  url.password = PASSWORD;
};

const MAKE: Readonly<Record<Server, readonly string[]>> = {
  postgres: [`create role ${USER} login password '${PASSWORD}'`],
  mariadb: [`create user ${USER} identified by '${PASSWORD}'`],
};
const UNMAKE: Readonly<Record<Server, readonly string[]>> = {
  postgres: [`drop owned by ${USER}`, `drop role ${USER}`],
  mariadb: [`drop user ${USER}`],
};

describe.each(SERVERS)('%s refuses', (name) => {
  describe.skipIf(missingSql(name))('and says why', () => {
    let prepared: Prepared;
    const run = async (statements: readonly string[]): Promise<void> => {
      for (const each of statements) await sql.raw(each).execute(prepared.db);
    };
    const within = async <Answer>(
      change: (url: URL) => void,
      work: (db: Db) => Promise<Answer>,
    ): Promise<Answer> => {
      const db = connectTo(name, change);
      try {
        return await work(db);
      } finally {
        await db.destroy();
      }
    };
    /** Nothing that leads anybody to the database. */
    const givesNothingAway = (message: string): void => {
      const { hostname, port } = new URL(urlOf(name));
      for (const secret of [hostname, port, 'localhost', USER, PASSWORD, NOWHERE]) {
        if (secret !== '') expect(message).not.toContain(secret);
      }
    };

    beforeAll(async () => {
      prepared = await prepare(name);
      await run(MAKE[name]);
    });
    afterAll(async () => {
      await run(UNMAKE[name]);
      await prepared.dispose();
    });

    it('a database that is not there: to migrate would not help', async () => {
      await within(
        (url) => (url.pathname = `/${NOWHERE}`),
        async (db) => {
          const messages = [
            await said(db),
            (await failed(migrationStatus(db))).message,
            (await failed(migrate(db))).message,
          ];
          const code = name === 'postgres' ? '3D000' : 'ER_BAD_DB_ERROR';
          for (const message of messages) {
            expect(message).toContain(
              `The database that the connection names is not there (${code})`,
            );
            expect(message).not.toContain('igrate');
            givesNothingAway(message);
          }
        },
      );
    });

    it('a login', async () => {
      const change = (url: URL): void => {
        asUser(url);
        // The tests' Postgres asks for no password.
        if (name === 'postgres') url.username = `${USER}_nobody`;
        else url.password = 'another';
      };
      const message = await within(change, (db) => said(db));
      const code = name === 'postgres' ? '28000' : 'ER_ACCESS_DENIED_ERROR';
      expect(message).toContain(`The database refused the login (${code})`);
      givesNothingAway(message);
    });

    it.runIf(name === 'mariadb')('whoever may not use the database', async () => {
      const message = await within(asUser, (db) => said(db));
      expect(message).toContain('may not do it (ER_DBACCESS_DENIED_ERROR)');
      givesNothingAway(message);
    });

    it('whoever may not read which migrations there are: to migrate would not help', async () => {
      const { prefix } = prepared;
      await run([`grant select on ${prefix}user to ${USER}`]);
      const message = await within(asUser, (db) => said(db, prefix));
      expect(message).toContain('The database refused: the connection’s user may not do it (');
      expect(message).not.toContain('igrate(');
      givesNothingAway(message);
    });

    it('whoever may not read the tables', async () => {
      const { prefix } = prepared;
      await run([`grant select on ${prefix}migration to ${USER}`]);
      const message = await within(asUser, (db) => said(db, prefix));
      const told = {
        postgres: new RegExp(`\\(42501: permission denied for table ${prefix}\\w+\\)`),
        mariadb: /\(ER_TABLEACCESS_DENIED_ERROR\)/,
      };
      expect(message).toContain('The database refused: the connection’s user may not do it (');
      expect(message).toMatch(told[name]);
      expect(message).toContain('Grant the right');
      givesNothingAway(message);
    });

    it('nobody, where nobody listens', async () => {
      const message = await within(
        (url) => (url.port = '1'),
        (db) => said(db),
      );
      expect(message).toBe('[presence/sql] The database did not answer.');
    });
  });
});

describe.each(ALL)('an answer of %s', (name) => {
  describe.skipIf(missingSql(name))('that is none', () => {
    let prepared: Prepared;
    beforeAll(async () => {
      prepared = await prepare(name);
    });
    afterAll(() => prepared.dispose());

    it('a table that is there already is said to be the reason', async () => {
      const { db, prefix } = prepared;
      const options = { prefix: `${prefix}again_` };
      const table = sql.table(`${options.prefix}user`);
      await sql`create table ${table} (id integer)`.execute(db);
      const { code, message } = await failed(migrate(db, options));
      await sql`drop table ${table}`.execute(db);
      await sql`drop table if exists ${sql.table(`${options.prefix}migration`)}`.execute(db);
      expect(code).toBe('store_unavailable');
      expect(message).toMatch(
        /The database answered with an error \(\w+: .*_again_user['"]? already exists\)\.$/,
      );
    });

    it('a column of the store that is gone is asked for by a migration', async () => {
      const { db, prefix } = prepared;
      const store = sqlStore({ db, prefix, deadlineMs: 20_000 });
      await store.load([keyOf('ada')]);
      const migration = sql.table(`${prefix}migration`);
      await sql`alter table ${migration} rename column name to title`.execute(db);
      await expect(sqlStore({ db, prefix }).load([keyOf('ada')])).rejects.toThrow(
        'Run migrate(db)',
      );
      await sql`alter table ${migration} rename column title to name`.execute(db);
      await store.close();
    });

    it('says nothing of what people wrote, whoever logs it whole', async () => {
      const { db, prefix } = prepared;
      const store = sqlStore({ db, prefix, deadlineMs: 20_000 });
      await store.load([keyOf('ada')]);
      const [user, away] = [`${prefix}user`, `${prefix}away`].map((table) => sql.table(table));
      await sql`alter table ${user!} rename to ${away!}`.execute(db);
      const error = await failed(store.commit([writeOf('somebody-in-particular')]));
      await sql`alter table ${away!} rename to ${user!}`.execute(db);
      expect(error.cause).toBeInstanceOf(Error);
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('in-particular');
      await store.close();
    });
  });
});

describe('an answer of SQLite', () => {
  it('is told where a schema is not there', async () => {
    const prepared = await prepare('node:sqlite');
    const nowhere = sql.raw('create table nowhere.t (id integer)');
    const seen = await nowhere.execute(prepared.db).catch((error: unknown) => error);
    expect(unavailable(seen, sqlite.meaningOf(seen)).message).toContain(
      'The database answered with an error (1: unknown database nowhere)',
    );
    await prepared.dispose();
  });
});

const CODES: readonly (readonly [typeof postgres, Meaning, readonly string[]])[] = [
  [postgres, 'again', ['40P01', '40001', '55P03', '23505', '25P03', '57014']],
  [postgres, 'missing', ['42P01', '3F000', '42703']],
  [postgres, 'no-database', ['3D000']],
  [postgres, 'login', ['28P01', '28000']],
  [postgres, 'rights', ['42501']],
  [postgres, 'read-only', ['25006']],
  [postgres, 'closing', ['57P01', '57P02', '57P03', '53300', '08006']],
  [postgres, 'down', ['42P07', '22012', 'ECONNREFUSED', 'EPIPE', '']],
  [mysql, 'again', ['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT', 'ER_DUP_ENTRY', 'ER_CHECKREAD']],
  [mysql, 'missing', ['ER_NO_SUCH_TABLE', 'ER_BAD_FIELD_ERROR']],
  [mysql, 'no-database', ['ER_BAD_DB_ERROR', 'ER_NO_DB_ERROR']],
  [mysql, 'login', ['ER_ACCESS_DENIED_ERROR', 'ER_HOST_NOT_PRIVILEGED']],
  [
    mysql,
    'rights',
    [
      'ER_DBACCESS_DENIED_ERROR',
      'ER_TABLEACCESS_DENIED_ERROR',
      'ER_COLUMNACCESS_DENIED_ERROR',
      'ER_SPECIFIC_ACCESS_DENIED_ERROR',
    ],
  ],
  [mysql, 'closing', ['ER_CON_COUNT_ERROR', 'ER_SERVER_SHUTDOWN', 'ER_CONNECTION_KILLED']],
  [mysql, 'down', ['ER_TABLE_EXISTS_ERROR', 'PROTOCOL_CONNECTION_LOST', 'ETIMEDOUT', '']],
  [sqlite, 'again', ['SQLITE_BUSY', 'SQLITE_LOCKED_SHAREDCACHE', '5']],
  [sqlite, 'read-only', ['SQLITE_READONLY', '8']],
  [sqlite, 'rights', ['SQLITE_PERM', '23']],
  [sqlite, 'down', ['SQLITE_CANTOPEN', '26', 'ERR_INVALID_STATE', '']],
];

const errorOf = (code: string, message = 'for ada at 10.0.0.1'): Error =>
  Object.assign(new Error(message), { code });

describe('what the code of an error means', () => {
  it.each(
    CODES.flatMap(([dialect, meaning, codes]) =>
      codes.map((code) => [dialect.name, code, meaning, dialect] as const),
    ),
  )('%s: %s is %s', (_name, code, meaning, dialect) => {
    const error = errorOf(code);
    expect(dialect.meaningOf(error)).toBe(meaning);
    const { message } = unavailable(error, meaning);
    expect(message).not.toMatch(/ada|10\.0/);
  });

  it('a database that a statement of MySQL names is made by the migration', () => {
    const error = Object.assign(errorOf('ER_BAD_DB_ERROR'), { sql: 'select 1 from schema.t' });
    expect(mysql.meaningOf(error)).toBe('missing');
  });

  it.each(['ECONNREFUSED', 'EPIPE', 'PROTOCOL_CONNECTION_LOST', 'ERR_INVALID_STATE', ''])(
    '%j is of no database: it did not answer',
    (code) => {
      expect(unavailable(errorOf(code)).message).toBe(
        '[presence/sql] The database did not answer.',
      );
    },
  );

  it.each(['22012', 'XX000', 'ER_PARSE_ERROR', 'SQLITE_CORRUPT', '26'])(
    '%j is an answer, whose words may hold anything',
    (code) => {
      expect(unavailable(errorOf(code)).message).toBe(
        `[presence/sql] The database answered with an error (${code}). Its cause has the database’s own words.`,
      );
    },
  );
});
