import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect, type DatabaseName } from '../../../../test-fixtures/sql.ts';
import type { Db } from '../dialect.ts';
import type { Row } from '../tables.ts';
import { keysOf, rowsOf } from './sqlite-rows.ts';

const DATABASES: readonly DatabaseName[] = ['node:sqlite', 'better-sqlite3'];
/** One, as many as a statement has places for, fewer, and more than any has. */
const COUNTS = [1, 3, 200, 201, 501];

const rowsUpTo = (count: number): Row[] =>
  Array.from({ length: count }, (_, i) => [
    'acme',
    `"Ada" ${i}`,
    i,
    i % 2 === 0 ? null : `{"i":${i}}`,
  ]);

describe.each(DATABASES)('rows of a statement on %s', (name) => {
  let db: Db;
  beforeAll(async () => {
    db = connect(name);
    await sql`create table t (tenant text not null, id text not null, i integer not null, data text,
      primary key (tenant, id)) without rowid`.execute(db);
  });
  beforeEach(async () => {
    await sql`delete from t`.execute(db);
  });
  afterAll(() => db.destroy());

  const insert = (
    rows: readonly Row[],
  ) => sql`insert into t (tenant, id, i, data) ${rowsOf(rows, 4)}
    on conflict (tenant, id) do update set data = excluded.data`;

  const read = async (): Promise<unknown[]> =>
    (await sql`select tenant, id, i, data, typeof(i) as type from t order by i`.execute(db)).rows;

  it.each(COUNTS)('%i are inserted as they are, and no other', async (count) => {
    const rows = rowsUpTo(count);
    await insert(rows).execute(db);
    expect(await read()).toEqual(
      rows.map(([tenant, id, i, data]) => ({ tenant, id, i, data, type: 'integer' })),
    );
  });

  it.each(COUNTS)('%i are found by their keys, and no other', async (count) => {
    await insert([...rowsUpTo(count), ['acme', 'another', -1, null]]).execute(db);
    const keys = rowsUpTo(count).map((row) => row.slice(0, 3));
    await sql`delete from t where (tenant, id, i) in (${keysOf(keys, 3)})`.execute(db);
    expect(await read()).toEqual([expect.objectContaining({ id: 'another' })]);
  });

  it('are none of none', async () => {
    await insert(rowsUpTo(2)).execute(db);
    await sql`delete from t where (tenant, id, i) in (${keysOf([], 3)})`.execute(db);
    expect(await read()).toHaveLength(2);
  });

  it('need few statements for any number of them', () => {
    const texts = new Set<string>();
    for (let count = 1; count <= 600; count += 1) {
      texts.add(insert(rowsUpTo(count)).compile(db).sql);
    }
    expect(texts.size).toBe(10);
  });
});
