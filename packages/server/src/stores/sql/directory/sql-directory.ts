import type { Account, Key } from '@presence/core';
import type { Directory, DirectoryQuery } from '../../../admin/types.ts';
import { systemClock } from '../../../system-clock.ts';
import { systemRandom } from '../../../system-random.ts';
import { inPieces } from '../../shared/pieces.ts';
import { createAttempts, type Attempts } from '../attempts.ts';
import type { Dialect } from '../dialect.ts';
import { invalid } from '../failures.ts';
import { checkSchema } from '../migrations/schema-version.ts';
import { ownDb } from '../own-db.ts';
import { dialectOf, placeOf } from '../place.ts';
import { createTables } from '../tables.ts';
import { createTexts } from '../text.ts';
import { createAccountStates } from './account.ts';
import { pageByColumn } from './by-column.ts';
import { pageByLastSeen, SEEN_ORDERS, type SeenOrder } from './by-last-seen.ts';
import { checkOptions } from './options.ts';
import { createPresenceTables } from './presence-tables.ts';
import { hasTenant, readUsers, type Source, type Wanted } from './rows.ts';
import { describeTable } from './source-table.ts';
import type { SqlDirectoryOptions } from './types.ts';

/** The application's own table of users, for the admin routes and the account gate. */
export interface SqlDirectory extends Directory {
  /** For `sources.account`. `undefined` for whoever is not in the table, and without `account` in the options. */
  readonly account: (key: Key) => Promise<Account | undefined>;
  /**
   * Whether the table is there with all its columns, which everything else asks at its first call; and where `presence` is
   * asked for, whether the store's tables are there.
   *
   * @throws PresenceError `invalid_options`: what is missing, and what there is; `store_unavailable`: the store's tables are
   * to be migrated
   */
  check(): Promise<void>;
}

const COLUMN_SORTS = ['name', 'email', 'userId'] as const;

/** For people who look at a list. */
const LIST_MS = 2000;
/** A heartbeat that opens a session waits for it, and is answered within a second. */
const ACCOUNT_MS = 900;

/** Ids asked for in one statement. */
const MOST_IDS = 500;

const sortsOf = ({ columns, presence }: SqlDirectoryOptions<never>): readonly string[] => [
  ...COLUMN_SORTS.filter((name) => columns[name] !== undefined).flatMap((name) => [
    name,
    `-${name}`,
  ]),
  ...(presence === true ? [...SEEN_ORDERS] : []),
];

const searchedOf = ({ search, columns }: SqlDirectoryOptions<never>): readonly string[] =>
  search?.columns ?? [columns.name, columns.email].filter((name) => name !== undefined);

const filtersOf = (options: SqlDirectoryOptions<never>): Directory['filters'] => [
  ...(searchedOf(options).length > 0 ? (['search'] as const) : []),
  ...(options.account ? (['account'] as const) : []),
  ...(options.presence === true ? (['status'] as const) : []),
];

type Reading = <Answer>(read: (source: Source) => Promise<Answer>) => Promise<Answer>;

/** Looks up in the database what the options name. */
const createSource = async (options: SqlDirectoryOptions<never>): Promise<Source> => {
  const { columns, search, account, tenant = 'default' } = options;
  const dialect = dialectOf(options.db, options.dialect);
  const db = ownDb(options.db);
  const table = await describeTable(db, dialect, options.table);
  const found = Object.entries(columns).map(([name, column]) => [name, table.column(column)]);
  const profile = Object.fromEntries(found) as Source['profile'];
  const tables = createTables(placeOf(options));
  const texts = createTexts(dialect.longestKey);
  return {
    db,
    dialect,
    table,
    userId: table.column(columns.userId),
    tenant: profile.tenant,
    onlyTenant: tenant,
    profile,
    searched: searchedOf(options).map(table.column),
    match: search?.match,
    accounts: createAccountStates(dialect, table, account),
    presence:
      options.presence === true
        ? createPresenceTables({ db, dialect, tables, texts }, systemClock)
        : null,
  };
};

/** @throws PresenceError where the store's tables are read and are not those of this release */
const checkPresence = async (options: SqlDirectoryOptions<never>): Promise<void> => {
  if (options.presence !== true) return;
  const { db } = options;
  const dialect = dialectOf(db, options.dialect);
  await checkSchema({ db: ownDb(db), dialect, tables: createTables(placeOf(options)) });
};

/** Once looked up, a table is not looked up again unless somebody asks for that; what failed is. */
const once = <Value>(make: () => Promise<Value>) => {
  let made: Promise<Value> | null = null;
  const renew = (): Promise<Value> => {
    const fresh = make();
    made = fresh;
    fresh.catch(() => {
      if (made === fresh) made = null;
    });
    return fresh;
  };
  return { get: (): Promise<Value> => made ?? renew(), renew };
};

/** Reads the table as it was looked up. Where that is no longer true, looks again, which says what is missing now. */
const createReading = (options: SqlDirectoryOptions<never>, dialect: Dialect) => {
  const looked = once(() => createSource(options));
  const isMissing = (error: unknown): boolean => dialect.meaningOf(error) === 'missing';

  const readAgain: Reading = async (read) => {
    try {
      return await read(await looked.renew());
    } catch (error) {
      if (!isMissing(error)) throw error;
      await checkPresence(options);
      throw invalid(
        `The table ${JSON.stringify(options.table)} cannot be read: it is there, but a table or column that is read with it is not. The cause names it.`,
        error,
      );
    }
  };

  const read: Reading = async (work) => {
    try {
      return await work(await looked.get());
    } catch (error) {
      if (!isMissing(error)) throw error;
      return readAgain(work);
    }
  };

  const check = async (): Promise<void> => {
    await readAgain(async () => undefined);
    await checkPresence(options);
  };
  return { read, check };
};

const listOf = async (source: Source, sorts: readonly string[], query: DirectoryQuery) => {
  const { tenant, search, account, sort = sorts[0]!, after, limit } = query;
  if (!sorts.includes(sort)) {
    throw invalid(`${JSON.stringify(sort)} is not a sort. Known: ${sorts.join(', ')}.`);
  }
  const { presence } = source;
  const isBySeen = SEEN_ORDERS.includes(sort as SeenOrder);
  const status = query.status && (await presence?.askStatus(tenant, query.status, !isBySeen));
  const wanted: Wanted = { tenant, search, account, status };
  if (presence && isBySeen) {
    return pageByLastSeen({ ...source, presence }, sort as SeenOrder, wanted, { after, limit });
  }
  const isDescending = sort.startsWith('-');
  const name = (isDescending ? sort.slice(1) : sort) as (typeof COLUMN_SORTS)[number];
  const column = name === 'userId' ? source.userId : source.profile[name]!;
  return pageByColumn(source, { column, isDescending }, wanted, { after, limit });
};

/**
 * The list of users and their account states from the application's own table, looked through in the
 * database. It only reads.
 *
 * @throws PresenceError `invalid_options` when an option cannot work
 * @example
 * const directory = sqlDirectory({ db, table: 'users', columns: { userId: 'id', name: 'full_name' } })
 * createPresence({ sources: { directory, account: directory.account }, … })
 */
export const sqlDirectory = <Schema>(given: SqlDirectoryOptions<Schema>): SqlDirectory => {
  checkOptions(given);
  const options = given as unknown as SqlDirectoryOptions<never>;
  const dialect = dialectOf(options.db, options.dialect);
  placeOf(options);
  const { read, check } = createReading(options, dialect);
  const attemptsWithin = (deadlineMs: number): Attempts =>
    createAttempts({ clock: systemClock, random: systemRandom, dialect }, deadlineMs);
  const { deadlineMs = LIST_MS } = options;
  const attempts = attemptsWithin(deadlineMs);
  const attemptsSoon = attemptsWithin(Math.min(deadlineMs, ACCOUNT_MS));
  const ask: Reading = (work) => attempts(() => read(work));
  const askSoon: Reading = (work) => attemptsSoon(() => read(work));
  const sorts = sortsOf(options);

  const get = async (source: Source, tenant: string, userIds: readonly string[]) => {
    const pages = inPieces(userIds, MOST_IDS).map((ids) => readUsers(source, { tenant }, ids));
    return (await Promise.all(pages)).flat();
  };

  return {
    filters: filtersOf(options),
    sorts,
    list: (query) =>
      ask(async (source) =>
        hasTenant(source, query.tenant) ? listOf(source, sorts, query) : { users: [], next: null },
      ),
    get: (tenant, userIds) => ask((source) => get(source, tenant, userIds)),
    account: ({ tenant, userId }) =>
      askSoon(async (source) => (await get(source, tenant, [userId]))[0]?.account),
    check: () => attempts(check),
  };
};
