import { describe, expect, it } from 'vitest';
import { rawSqlBreaches } from './raw-sql.ts';

const file = 'packages/server/src/stores/sql/users.ts';

describe('a door for raw SQL is found', () => {
  it.each([
    ['sql.raw', 'sql`select ${sql.raw(given)}`'],
    ['sql.lit', 'sql`select ${sql.lit(given)}`'],
    ['a computed member', "sql['raw'](given)"],
    ['the template called', 'sql([text])'],
    ['a compiled query', 'db.executeQuery(CompiledQuery.raw(text))'],
    ['a text with something in it', 'client.query(`select ${given}`)'],
    ['texts put together', "client.query('select ' + given)"],
    ['a text from elsewhere', 'database.prepare(text)'],
    ['a script', 'database.exec(text)'],
    ['another name', "import { sql as q } from 'kysely'"],
    ['all of Kysely', "import * as kysely from 'kysely'"],
    ['the template handed on', 'const q = sql'],
    ['the template taken apart', 'const { raw } = sql'],
  ])('%s', (_case, source) => {
    expect(rawSqlBreaches(file, source)).toHaveLength(1);
  });
});

describe('no door', () => {
  it.each([
    ['the template', 'sql<{ id: string }>`select ${id} from ${sql.table(name)}`.execute(db)'],
    [
      'names, which are quoted',
      'sql`select ${sql.ref(column)}, ${sql.id(name)}, ${sql.join(all)}`',
    ],
    ['a fixed statement', "client.query('select 1'); client.query(`select 1`)"],
    ['a pattern', '/a/.exec(text); NAME.exec(text); new RegExp(a).exec(text)'],
    ['a member that is called so', 'const { sql: text } = query; query.sql; ({ sql: 1 })'],
    ['an import', "import { sql, type Kysely } from 'kysely'"],
    ['types', "import type * as Kysely from 'kysely'; type Q = typeof sql;"],
    ['a comment', '// sql.raw(given)'],
  ])('%s', (_case, source) => {
    expect(rawSqlBreaches(file, source)).toEqual([]);
  });

  it('in a test, or outside of the server', () => {
    for (const other of [file.replace('.ts', '.test.ts'), 'packages/client/src/a.ts']) {
      expect(rawSqlBreaches(other, 'sql.raw(given)')).toEqual([]);
    }
  });
});

describe('a permit', () => {
  const permits = [{ file, door: 'sql.raw', times: 1, because: 'a test' }];

  it('is for so many times, and for one file', () => {
    expect(rawSqlBreaches(file, 'sql.raw(a)', permits)).toEqual([]);
    expect(rawSqlBreaches(file, 'sql.raw(a); sql.raw(b)', permits)).toHaveLength(1);
    expect(rawSqlBreaches(`${file}x.ts`, 'sql.raw(a)', permits)).toHaveLength(1);
  });

  it('that is needed no more is a breach', () => {
    expect(rawSqlBreaches(file, '', permits)).toHaveLength(1);
  });
});
