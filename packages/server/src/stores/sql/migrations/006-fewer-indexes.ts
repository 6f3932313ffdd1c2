import { sql, type RawBuilder } from 'kysely';
import { nameOf } from '../tables.ts';
import type { Ground, Migration } from './migrations.ts';

type Part = RawBuilder<unknown>;

interface Index {
  readonly name: string;
  readonly columns: readonly string[];
  /** What its rows have. */
  readonly only?: Part;
}

interface Changed {
  readonly before: Index;
  readonly after: Index;
}

const listed = (columns: readonly string[]): Part => sql.join(columns.map((name) => sql.ref(name)));

/** The rows of some, with no more columns than it is asked for. */
const narrowed = (before: Index, only: Part, columns = before.columns): Changed => ({
  before,
  after: { ...before, columns, only },
});

/**
 * Most users have none of these, and each of them stood in the index for nothing: who is not there is sought by when they were
 * there last, who is there has no such time, and few have a deadline of their own. The lists say who has which status in order.
 */
const OF_FEW: readonly Changed[] = [
  narrowed({ name: 'status', columns: ['tenant', 'status', 'user_id'] }, sql`status <> 'offline'`, [
    'tenant',
    'status',
  ]),
  narrowed(
    { name: 'seen', columns: ['tenant', 'last_seen_at', 'user_id'] },
    sql`last_seen_at is not null`,
  ),
  narrowed(
    { name: 'deadline', columns: ['deadline', 'tenant', 'user_id'] },
    sql`deadline is not null`,
  ),
];

const titleOf = ({ tables: { place } }: Ground, { name }: Index): string =>
  `${place.prefix}user_${name}`;

const create = async (ground: Ground, index: Index): Promise<void> => {
  const { db, tables } = ground;
  const some = index.only ? sql`where ${index.only}` : sql``;
  await sql`create index ${sql.id(titleOf(ground, index))} on ${tables.user.name}
    (${listed(index.columns)}) ${some}`.execute(db);
};

/** An index has its table's schema. */
const drop = async (ground: Ground, index: Index): Promise<void> => {
  const name = nameOf({ ...ground.tables.place, prefix: '' }, titleOf(ground, index));
  await sql`drop index ${sql.table(name)}`.execute(ground.db);
};

const replace = async (ground: Ground, old: Index, next: Index): Promise<void> => {
  // MySQL has no indexes of some rows.
  if (ground.dialect.name === 'mysql') return;
  await drop(ground, old);
  await create(ground, next);
};

/** Everybody who comes or goes is written into each index of the users, and each is another page to be read and written. */
const up = async (ground: Ground): Promise<void> => {
  for (const { before, after } of OF_FEW) await replace(ground, before, after);
};

const down = async (ground: Ground): Promise<void> => {
  for (const { before, after } of OF_FEW) await replace(ground, after, before);
};

export const fewerIndexes: Migration = { name: '006-fewer-indexes', up, down };
