import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
} from 'kysely';
import { describe, expect, it } from 'vitest';
import { textArray } from './text-array.ts';

const db = new Kysely<never>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (given) => new PostgresIntrospector(given),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

const parametersOf = (texts: readonly unknown[]) =>
  sql`select ${textArray(texts)}`.compile(db).parameters;

describe('texts for Postgres', () => {
  it('travel as one', () => {
    expect(parametersOf(['ada', '{"a":"\\"b\\\\"}', ''])).toEqual([
      'ada\u001f{"a":"\\"b\\\\"}\u001f',
      '\u001f',
    ]);
  });

  it('travel each by itself where one of them holds what stands between, is none, or is alone', () => {
    for (const texts of [['a\u001fb', 'c'], ['a', null], [''], []]) {
      expect(parametersOf(texts)).toEqual([texts]);
    }
  });
});
