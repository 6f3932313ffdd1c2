import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  missingSql,
  prepare,
  sqlParts,
  type DatabaseName,
  type Prepared,
} from '../../../test-fixtures/sql.ts';
import { accepted, keyOf, writeOf } from '../../testing/suite/writes.ts';
import { createSqlStore } from './create-store.ts';

const DATABASES: readonly DatabaseName[] = [
  'node:sqlite',
  'better-sqlite3',
  'pglite',
  'postgres',
  'mariadb',
];

const ALIKE = [
  'ada',
  'Ada',
  'ADA',
  'ada ',
  ' ada',
  'ada  ',
  'àda',
  'ada\u0300',
  'a\u0300da',
  'ad\u00aaa',

  'straße',
  'strasse',
  'ﬀ',
  'ff',
  'İ',
  'i',
  'ı',
  '٣',
  '3',
  "o'hara",
  'o"hara',
  'a\\b',
  'a%',
  'a_',

  '$1',
  '?',
  ':x',
  '--',
  ';',
  '👩',
  '👩‍👩‍👧',
  '\ud83d\udc69\u200d',
  '\ue000',
  '\uffff',
  'null',
  '0',
  '00',
];

describe.each(DATABASES)('ids on %s', (name) => {
  describe.skipIf(missingSql(name))('that look alike', () => {
    let prepared: Prepared;
    beforeAll(async () => {
      prepared = await prepare(name);
    });
    afterAll(() => prepared.dispose());

    it('S14, S15: stay different users, in the order of their code units', async () => {
      const store = createSqlStore(sqlParts(prepared), 1000);
      await store.due(0, 0);
      await accepted(store, ...ALIKE.map((userId) => writeOf(userId)));
      await accepted(store, ...ALIKE.map((tenant) => writeOf('ada', { tenant })));
      const { items } = await store.load(ALIKE.map((userId) => keyOf(userId)));
      expect(items.map(({ record }) => record?.userId)).toEqual(ALIKE);
      const listed: string[] = [];
      for (let after = '', more = true; more;) {
        const page = await store.find({
          tenant: 'acme',
          scope: 't',
          status: ['online'],
          after,
          limit: 3,
        });
        listed.push(...page.items.map(({ key }) => key.userId));
        ({ end: after, more } = page);
      }
      expect(listed).toEqual(ALIKE.toSorted());
      const each = await Promise.all(ALIKE.map((tenant) => store.count({ tenant, scope: 't' })));
      expect(each.map(({ byStatus }) => byStatus.online)).toEqual(ALIKE.map(() => 1));
      await store.close();
    });

    it('says which id it cannot hold, and writes nothing', async () => {
      const store = createSqlStore(sqlParts(prepared), 1000);
      await expect(store.commit([writeOf('nul\0')])).rejects.toThrow('cannot hold the id "nul');
      if (name === 'mariadb') {
        const long = '👩'.repeat(64);
        await expect(store.commit([writeOf(long)])).rejects.toThrow('at most 250 characters');
      }
      await store.close();
    });
  });
});
