import { describe, expect, it } from 'vitest';
import { connect } from '../../../../test-fixtures/sql.ts';
import { sqlDirectory } from './sql-directory.ts';

describe('a directory', () => {
  const db = connect('node:sqlite');
  const create = (options: object) => () =>
    sqlDirectory({ db, table: 'users', columns: { userId: 'id' }, ...options });

  it.each([
    [{ table: '' }, /table must name/],
    [{ columns: {} }, /columns\.userId is missing/],
    [{ columns: { userId: 'id', nick: 'x' } }, /"nick" is not an option/],
    [{ columns: { userId: 'id', name: 1 } }, /columns\.name must name a column/],
    [{ colums: {} }, /"colums" is not an option/],
    [{ search: { match: 'regex' } }, /search\.match must be one of/],
    [{ account: { status: { gone: 'deleted' } } }, /account\.status\.gone must be one of/],
    [{ account: {} }, /account names no column/],
    [{ columns: { userId: 'id', tenant: 'org' }, tenant: 'acme' }, /Leave one out/],
    [{ deadlineMs: 0 }, /deadlineMs must be above 0/],
    [{ db: {} }, /must be an instance of Kysely/],
    [{ prefix: 'No' }, /prefix must be/],
  ])('refuses %j', (options, message) => {
    expect(create(options)).toThrow(message);
  });
});
