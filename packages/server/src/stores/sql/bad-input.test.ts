import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  missingSql,
  prepare,
  type DatabaseName,
  type Prepared,
} from '../../../test-fixtures/sql.ts';
import { createPresence } from '../../presence.ts';
import { createAskedNode } from '../../testing/asked-node.ts';
import { sqlDirectory } from './directory/sql-directory.ts';
import { sqlHistory } from './history/sql-history.ts';
import { sqlSink } from './sink/sql-sink.ts';
import { sqlStore } from './sql-store.ts';

const DATABASES: readonly DatabaseName[] = ['node:sqlite', 'postgres', 'mariadb'];

const security = { secret: 'a secret for tests that is long enough', authorize: () => true };
const ignore = (): void => undefined;

/** What somebody types who means no good, or who is called so. */
const TEXTS = [
  "'; drop table presence_user; --",
  '"quoted" `ticks` \\backslash\\',
  '%_*?[a-z]{1}$1:x@@version',
  '${1+1} {{1+1}} #{x}',
  '\u202eright to left\u200b',
  '👩‍👩‍👧 e\u0301 é \uffff',
];

describe.each(DATABASES)('bad input to %s', (name) => {
  describe.skipIf(missingSql(name))('is answered with what to do', () => {
    let prepared: Prepared;
    beforeAll(async () => {
      prepared = await prepare(name);
    });
    afterAll(() => prepared.dispose());

    it('a database without the migration, at every door', async () => {
      const { db } = prepared;
      const place = { db, prefix: 'not_migrated_' };
      const what =
        /The database has no presence tables under this prefix and schema\. Run migrate\(db\)/;
      await expect(sqlStore(place).commit([])).rejects.toThrow(what);
      const key = { tenant: 'default', userId: 'ada' };
      await expect(sqlHistory(place).stepBefore(key, 1)).rejects.toThrow(what);
      const presence = createPresence({
        authenticate: () => null,
        sink: sqlSink(place),
        security,
      });
      await expect(presence.get('ada')).rejects.toThrow(what);
      await expect(presence.setAccount('ada', 'banned')).rejects.toThrow(what);
      await presence.close();
      const table = `${prepared.prefix}users`;
      await sql`create table ${sql.table(table)} (id integer primary key)`.execute(db);
      const columns = { userId: 'id' };
      const directory = sqlDirectory({ ...place, table, columns, presence: true });
      const online = { tenant: 'default', status: ['online' as const], limit: 9 };
      await expect(directory.list(online)).rejects.toThrow(what);
      await sql`drop table ${sql.table(table)}`.execute(db);
    });

    it('a directory whose table is not there, or another: 500 to the admin, and the log says what there is', async () => {
      const { db, prefix } = prepared;
      const told: unknown[] = [];
      const tell = (seen: object): void => void told.push((seen as { err?: Error }).err?.message);
      const nodeWith = (table: string) => {
        const directory = sqlDirectory({ db, table, columns: { userId: 'user_id', name: 'nick' } });
        return createAskedNode({
          store: sqlStore({ db, prefix, deadlineMs: 20_000 }),
          admin: true,
          security,
          sources: { directory, account: directory.account },
          logger: { debug: ignore, info: ignore, warn: tell, error: tell },
        });
      };
      for (const [table, message] of [
        ['no_such_users', 'There is no table or view "no_such_users"'],
        [`${prefix}user`, 'has no column "nick". It has: tenant, user_id'],
      ] as const) {
        const { ask, presence } = nodeWith(table);
        for (const [path, request] of [
          ['GET /admin/users', {}],
          ['POST /heartbeat', { body: {} }],
        ] as const) {
          told.length = 0;
          const answer = await ask(path, { ...request, as: { userId: 'root' } });
          expect(answer.status).toBe(500);
          expect(told.join()).toContain(message);
        }
        await presence.close();
      }
    });

    it('S15: texts are values, whatever they look like, and NUL is refused before it gets there', async () => {
      const { db, prefix } = prepared;
      const store = sqlStore({ db, prefix, deadlineMs: 20_000 });
      const presence = createPresence({ authenticate: () => null, store, security });
      const source = { source: 'admin', holdsAbsent: true } as const;
      for (const text of TEXTS) {
        await presence.tenant(text).claim(text, 'busy', { ...source, message: text });
      }
      for (const text of TEXTS) {
        const { presences } = await presence.tenant(text).list();
        expect(presences).toMatchObject([{ userId: text, message: text }]);
      }
      for (const userId of ['nul\0', '\0', 'tab\t', '', 'x'.repeat(129)]) {
        await expect(presence.claim(userId, 'busy')).rejects.toMatchObject({
          code: 'invalid_request',
        });
      }
      await presence.close();
      await store.close();
    });
  });
});
