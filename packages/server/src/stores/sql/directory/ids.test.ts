import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingSql, prepare, type Prepared } from '../../../../test-fixtures/sql.ts';
import { DATABASES } from '../../../../test-fixtures/people.ts';
import type { DirectoryUser } from '../../../admin/types.ts';
import { sqlDirectory } from './sql-directory.ts';

const ids = (users: readonly DirectoryUser[]): string[] => users.map(({ userId }) => userId);

describe.each(DATABASES)('ids of a directory on %s', (name) => {
  describe.skipIf(missingSql(name))('that look alike', () => {
    let stage: Prepared;
    beforeAll(async () => {
      stage = await prepare(name);
    });
    afterAll(() => stage.dispose());

    it('S15: stay different users', async () => {
      const { db, prefix } = stage;
      const alike = [
        'ada',
        'Ada',
        'ADA',
        'ada ',
        ' ada',
        'àda',
        'a\u0300da',
        'a%',
        "o'hara",
        'a\\b',
        '$1',
        '👩',
      ];
      const table = `${prefix}alike`;
      const type =
        name === 'mariadb'
          ? sql`varchar(100) character set utf8mb4 collate utf8mb4_nopad_bin`
          : sql`text`;
      await sql`create table ${sql.table(table)} (id ${type} not null primary key)`.execute(db);
      for (const id of alike) await sql`insert into ${sql.table(table)} values (${id})`.execute(db);
      const directory = sqlDirectory({ db, table, columns: { userId: 'id' } });
      expect(ids(await directory.get('default', alike)).toSorted()).toEqual(alike.toSorted());
      for (const id of alike) expect(ids(await directory.get('default', [id]))).toEqual([id]);
      const found: string[] = [];
      for (let after: string | null | undefined; after !== null;) {
        const page = await directory.list({
          tenant: 'default',
          limit: 2,
          ...(after !== undefined && { after }),
        });
        found.push(...ids(page.users));
        after = page.next;
      }
      expect(found.toSorted()).toEqual(alike.toSorted());
      await sql`drop table ${sql.table(table)}`.execute(db);
      if (name === 'mariadb') {
        await sql`create table ${sql.table(table)} (id varchar(100) character set utf8mb4 collate utf8mb4_general_ci primary key)`.execute(
          db,
        );
        await sql`insert into ${sql.table(table)} values ('ada')`.execute(db);
        for (const id of ['Ada', 'ada ', 'àda'])
          expect(await directory.get('default', [id])).toEqual([]);
        expect(ids(await directory.get('default', ['ada', 'Ada']))).toEqual(['ada']);
        await sql`drop table ${sql.table(table)}`.execute(db);
      }
    });
  });
});
