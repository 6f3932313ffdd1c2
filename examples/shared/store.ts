import { relative, resolve } from 'node:path';
import { memoryStore, type PresenceStore } from '@presence/server';
import type * as Kysely from 'kysely';

/** Where an example keeps who is present and what people said of themselves. */
export interface OpenedStore {
  readonly store: PresenceStore;
  /** For the greeting, without a login: `the file presence.db`. */
  readonly shown: string;
  /** Whether a restart of this server forgets nothing. */
  readonly keeps: boolean;
  close(): Promise<void>;
}

type Opening = (url: string, name: string) => Promise<OpenedStore>;

/** Without login and parameters. */
const address = (url: string): string => {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
};

const inMemory: Opening = async () => {
  const store = memoryStore();
  return { store, shown: 'the memory of this server', keeps: false, close: () => store.close() };
};

/** Kysely and what stands on it is loaded where it is asked for. */
const inSql = async (
  shown: string,
  open: (kysely: typeof Kysely) => Promise<Kysely.Dialect>,
): Promise<OpenedStore> => {
  const [kysely, { migrate, sqlStore }] = await Promise.all([
    import('kysely'),
    import('@presence/server/sql'),
  ]);
  const db = new kysely.Kysely<unknown>({ dialect: await open(kysely) });
  await migrate(db);
  const store = sqlStore({ db });
  const close = async (): Promise<void> => {
    await store.close();
    await db.destroy();
  };
  return { store, shown, keeps: true, close };
};

const inSqlite: Opening = (url) => {
  const file = resolve(url.replace(/^sqlite:(?:\/\/)?/, ''));
  return inSql(`the file ${relative(process.cwd(), file)}`, async () => {
    const { sqliteFile } = await import('./sqlite.ts');
    return sqliteFile(file);
  });
};

const inPostgres: Opening = (url) =>
  inSql(`Postgres at ${address(url)}`, async ({ PostgresDialect }) => {
    const { default: pg } = await import('pg');
    const pool = new pg.Pool({ connectionString: url });
    pool.on('error', (error) => console.error(`Postgres: ${error.message}`));
    return new PostgresDialect({ pool });
  });

const inMysql: Opening = (url) =>
  inSql(`MariaDB or MySQL at ${address(url)}`, async ({ MysqlDialect }) => {
    const { createPool } = await import('mysql2');
    return new MysqlDialect({ pool: createPool({ uri: url.replace(/^mariadb:/, 'mysql:') }) });
  });

const inRedis: Opening = async (url, name) => {
  const [{ Redis }, { redisStore }] = await Promise.all([
    import('ioredis'),
    import('@presence/server/redis'),
  ]);
  const store = redisStore({ redis: new Redis(url, { lazyConnect: true }), prefix: name });
  await store.check();
  return { store, shown: `Redis at ${address(url)}`, keeps: true, close: () => store.close() };
};

const BY_SCHEME: Readonly<Record<string, Opening>> = {
  memory: inMemory,
  sqlite: inSqlite,
  postgres: inPostgres,
  postgresql: inPostgres,
  mysql: inMysql,
  mariadb: inMysql,
  redis: inRedis,
  rediss: inRedis,
};

/**
 * Opens the store of a URL: `sqlite:<file>`, `postgres://…`, `mysql://…`, `mariadb://…`, `redis://…`, or `memory:`.
 *
 * @param name of the example: what its keys in Redis begin with
 * @throws Error that says what is wrong with it
 */
export const openStore: Opening = async (url, name) => {
  const scheme = /^([a-z]+):/.exec(url)?.[1] ?? '';
  const open = Object.hasOwn(BY_SCHEME, scheme) ? BY_SCHEME[scheme] : undefined;
  if (!open) {
    throw new Error(
      `PRESENCE_DATABASE_URL must begin with one of ${Object.keys(BY_SCHEME).join(':, ')}:.`,
    );
  }
  return open(url, name);
};

/** The same at the start of a program: what is wrong with the URL is its last word. */
export const openStoreOrExit: Opening = (url, name) =>
  openStore(url, name).catch((error: Error) => {
    const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
    console.error(`\n  ✕  ${error.message}${cause}\n`);
    process.exit(1);
  });
