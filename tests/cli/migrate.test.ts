import { sql, type Kysely } from 'kysely';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connect } from '../../packages/server/src/cli/target/drivers.ts';
import { readUrl } from '../../packages/server/src/cli/target/url.ts';
import { MIGRATIONS } from '../../packages/server/src/stores/sql/migrations/migrations.ts';
import { STORES, useCli } from './cli.ts';

const names = MIGRATIONS.map(({ name }) => name);

describe.each(['sqlite', 'postgres', 'mariadb'] as const)('migrations on %s', (kind) => {
  const url = STORES[kind]();
  describe.skipIf(url === null)('from the command line', () => {
    const cli = useCli();
    const prefix = `cli${process.pid}_`;
    const place = ['--url', url!, '--prefix', prefix];

    const inDatabase = async (work: (db: Kysely<unknown>) => Promise<unknown>): Promise<void> => {
      const file = url!.replace('sqlite:', `sqlite:${join(cli.folder, '/')}`);
      const db = await connect(readUrl(file), { mayCreate: true });
      await work(db);
      await db.destroy();
    };

    it('are missing at first, and status says what to do', async () => {
      if (kind === 'sqlite') await inDatabase((db) => sql`select 1`.execute(db));
      const { code, out } = await cli.run(['status', ...place]);
      expect(out).toContain(`${names[0]} MISSING`);
      expect(out).toContain('Run: presence migrate');
      expect(code).toBe(3);
      const doctor = await cli.run(['doctor', ...place]);
      expect(doctor.out).toMatch(/fail +store .*presence migrate/);
      expect(doctor.code).toBe(3);
    });

    it('are applied once when two run it together', async () => {
      const both = await Promise.all([1, 2].map(() => cli.json(['migrate', ...place])));
      expect(both.map(({ code }) => code)).toEqual([0, 0]);
      expect(both.flatMap(({ value }) => value.applied)).toEqual(names);
      expect((await cli.run(['migrate', ...place])).out).toBe('Nothing to do.\n');
    });

    it('show in the status, beside how many users there are', async () => {
      const { code, value } = await cli.json(['status', ...place]);
      expect(code).toBe(0);
      expect(value).toMatchObject({
        isReady: true,
        durability: 'durable',
        migrations: names.map((name) => ({ name, isApplied: true })),
        tenant: 'default',
        byStatus: { online: 0, away: 0, busy: 0, dnd: 0, offline: 0 },
      });
    });

    it('of a newer release are refused by every command', async () => {
      const table = sql.table(`${prefix}migration`);
      await inDatabase((db) =>
        sql`insert into ${table} (name, applied_at) values ('999-later', 1)`.execute(db),
      );
      for (const command of [['migrate'], ['status'], ['down', '--yes'], ['reap']]) {
        const { code, err } = await cli.run([...command, ...place]);
        expect(err).toContain('were migrated by a newer release of @presence/server (999-later)');
        expect(code).toBe(2);
      }
      await inDatabase((db) => sql`delete from ${table} where name = '999-later'`.execute(db));
    });

    it('are undone by whoever says that they mean it', async () => {
      const refused = await cli.run(['down', '--all', ...place]);
      expect(refused.err).toContain('Nothing was done; add --yes if that is meant.');
      expect(refused.code).toBe(2);
      expect((await cli.run(['status', ...place])).code).toBe(0);

      const { code, value } = await cli.json(['down', '--all', '--yes', ...place]);
      expect([code, value.undone]).toEqual([0, names.toReversed()]);
      expect((await cli.run(['down', '--yes', ...place])).out).toBe('Nothing to undo.\n');
      const read = inDatabase((db) =>
        sql`select 1 from ${sql.table(`${prefix}migration`)}`.execute(db),
      );
      await expect(read).rejects.toThrow(/exist|no such table/);
    });
  });
});

describe.skipIf(STORES.postgres() === null)('a database that takes no writes', () => {
  const cli = useCli();
  it('is found by the doctor, and named by everybody else', async () => {
    const prefix = ['--prefix', `ro${process.pid}_`];
    const url = STORES.postgres()!;
    const env = { PRESENCE_DATABASE_URL: `${url}?options=-c%20default_transaction_read_only%3Don` };
    const migrated = await cli.run(['migrate', ...prefix], { env });
    expect(migrated.err).toContain('The database is read-only. Pass a connection to the primary');
    expect(migrated.code).toBe(1);
    await cli.run(['migrate', ...prefix, '--url', url]);
    const { code, out } = await cli.run(['doctor', ...prefix], { env });
    expect(out).toMatch(/fail +store .* The database is read-only/);
    expect(code).toBe(3);
    await cli.run(['down', '--all', '--yes', ...prefix, '--url', url]);
  });
});

describe.skipIf(STORES.postgres() === null)('a schema of Postgres', () => {
  const cli = useCli();
  it('is made by the migration, and named in what is missing', async () => {
    const schema = `cli_${process.pid}`;
    const env = { PRESENCE_DATABASE_URL: STORES.postgres()! };
    expect((await cli.run(['migrate', '--schema', schema], { env })).code).toBe(0);
    expect((await cli.json(['status', '--schema', schema], { env })).value.isReady).toBe(true);
    await cli.run(['down', '--all', '--yes', '--schema', schema], { env });
    const db = await connect(readUrl(env.PRESENCE_DATABASE_URL), { mayCreate: false });
    await sql`drop schema ${sql.id(schema)} cascade`.execute(db);
    await db.destroy();
  });
});
