import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { missingSql, prepare, type DatabaseName } from '../../../test-fixtures/sql.ts';
import { createPresence } from '../../presence.ts';
import { sqlStore } from './sql-store.ts';
import { nameOf } from './tables.ts';

const DATABASES: readonly DatabaseName[] = ['node:sqlite', 'pglite', 'postgres', 'mariadb'];

/** Numbers as texts, as the recipe has it. */
const numberAsText = (name: DatabaseName) =>
  name === 'mariadb' ? sql`cast(u.id as char)` : sql`cast(u.id as text)`;

describe.each(DATABASES)('the application’s own users on %s', (name) => {
  it.skipIf(missingSql(name))(
    'S1: are joined with how they are, by ids that are numbers or texts',
    async () => {
      const prepared = await prepare(name);
      const { db, prefix } = prepared;
      const users = sql.table(`${prefix}users`);
      await sql`create table ${users} (id integer primary key, login varchar(40) not null)`.execute(
        db,
      );
      await sql`insert into ${users} values (1, 'ada'), (2, 'grace'), (3, 'linus')`.execute(db);
      const store = sqlStore({ db, prefix, deadlineMs: 20_000 });
      const presence = createPresence({
        authenticate: () => null,
        store,
        security: { secret: 'a secret for tests that is long enough' },
      });
      const busy = { source: 'admin', holdsAbsent: true } as const;
      for (const userId of ['1', 'ada', 'Grace']) await presence.claim(userId, 'busy', busy);
      await presence.signIn('2');
      const current = sql.table(nameOf({ prefix, schema: undefined }, 'current'));
      const joined = async (id: ReturnType<typeof numberAsText>) => {
        const { rows } = await sql<{ login: string; status: string }>`
          select u.login, coalesce(p.status, 'offline') as status from ${users} u
          left join ${current} p on p.tenant = 'default' and p.user_id = ${id}
          order by u.login`.execute(db);
        return rows.map(({ login, status }) => `${login} ${status}`);
      };
      expect(await joined(numberAsText(name))).toEqual([
        'ada busy',
        'grace online',
        'linus offline',
      ]);
      // Byte by byte, whatever the collation of the column is.
      expect(await joined(sql`u.login`)).toEqual(['ada busy', 'grace offline', 'linus offline']);
      await presence.close();
      await store.close();
      await sql`drop table ${users}`.execute(db);
      await prepared.dispose();
    },
  );
});
