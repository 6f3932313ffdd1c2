import { sql, type RawBuilder } from 'kysely';
import { nameOf } from '../tables.ts';
import type { Ground, Migration } from './migrations.ts';

type Part = RawBuilder<unknown>;

interface Index {
  readonly name: string;
  readonly columns: readonly string[];
  /** What its rows have, where a database can leave the others out. */
  readonly only?: Part;
}

const listed = (columns: readonly string[]): Part => sql.join(columns.map((name) => sql.ref(name)));

/**
 * Most users have none of these, and each of them stood in the index for nothing: who is not there is sought by when they were
 * there last, who is there has no such time, and few have a deadline of their own.
 */
const OF_FEW: readonly Index[] = [
  {
    name: 'status',
    columns: ['tenant', 'status', 'user_id'],
    only: sql`status <> 'offline'`,
  },
  {
    name: 'seen',
    columns: ['tenant', 'last_seen_at', 'user_id'],
    only: sql`last_seen_at is not null`,
  },
  {
    name: 'deadline',
    columns: ['deadline', 'tenant', 'user_id'],
    only: sql`deadline is not null`,
  },
];

const titleOf = ({ tables: { place } }: Ground, { name }: Index): string =>
  `${place.prefix}user_${name}`;

const create = async (ground: Ground, index: Index): Promise<void> => {
  const { db, tables } = ground;
  const some = index.only ? sql`where ${index.only}` : sql``;
  await sql`create index ${sql.id(titleOf(ground, index))} on ${tables.user.name}
    (${listed(index.columns)}) ${some}`.execute(db);
};

/** An index has its table's schema, and on MySQL a name within its table. */
const drop = async (ground: Ground, index: Index): Promise<void> => {
  const { db, dialect, tables } = ground;
  const title = titleOf(ground, index);
  const which =
    dialect.name === 'mysql'
      ? sql`${sql.id(title)} on ${tables.user.name}`
      : sql.table(nameOf({ ...tables.place, prefix: '' }, title));
  await sql`drop index ${which}`.execute(db);
};

/**
 * Everybody who comes or goes is written into each index of the users, and each is another page to
 * be read and written. MySQL has no indexes of some rows.
 */
const up = async (ground: Ground): Promise<void> => {
  if (ground.dialect.name === 'mysql') return;
  for (const index of OF_FEW) {
    await drop(ground, index);
    await create(ground, index);
  }
};

const down = async (ground: Ground): Promise<void> => {
  if (ground.dialect.name === 'mysql') return;
  for (const { name, columns } of OF_FEW) {
    await drop(ground, { name, columns });
    await create(ground, { name, columns });
  }
};

export const fewerIndexes: Migration = { name: '006-fewer-indexes', up, down };
