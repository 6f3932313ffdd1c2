import { Redis } from 'ioredis';
import { sql, type Kysely } from 'kysely';
import { connect } from '../../packages/server/src/cli/target/drivers.ts';
import { readUrl } from '../../packages/server/src/cli/target/url.ts';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startExample, type Example } from '../browser/example.ts';
import { signIn } from '../browser/quickstart.ts';

const serviceOf = (name: 'postgres' | 'mariadb' | 'oneRedis'): string | null => {
  const found = inject(name);
  return 'service' in found ? found.service : null;
};

/** A database of the demo's own, for it takes the default names. */
const database = `quickstart_${process.pid}`;

const inDatabase = async (url: string, statement: string): Promise<void> => {
  const db: Kysely<unknown> = await connect(readUrl(url), { mayCreate: false });
  await sql`${sql.raw(statement)}`.execute(db);
  await db.destroy();
};

const own = (url: string, kind: string): string => {
  const changed = new URL(url);
  changed.pathname = kind === 'oneRedis' ? '/13' : `/${database}`;
  return changed.href;
};

const prepare = async (kind: string, url: string): Promise<() => Promise<void>> => {
  if (kind !== 'oneRedis') {
    await inDatabase(url, `create database ${database}`);
    return () => inDatabase(url, `drop database ${database}`);
  }
  return async () => {
    const redis = new Redis(own(url, kind));
    const keys = await redis.keys('{quickstart:*');
    if (keys.length > 0) await redis.unlink(...keys);
    redis.disconnect();
  };
};

describe.each([
  ['postgres', 'Postgres at'],
  ['mariadb', 'MariaDB or MySQL at'],
  ['oneRedis', 'Redis at'],
] as const)('the quickstart on %s', (kind, shown) => {
  const url = serviceOf(kind);
  describe.skipIf(url === null)('by a URL', () => {
    let demo: Example;
    let dispose: () => Promise<void>;
    beforeAll(async () => {
      dispose = await prepare(kind, url!);
      demo = await startExample('quickstart/server.ts', {
        COLLEAGUES: 'off',
        PRESENCE_DATABASE_URL: own(url!, kind),
      });
    });
    afterAll(async () => {
      await demo.stop();
      await dispose();
    });

    it('says so, and keeps what somebody said of themselves over a restart', async () => {
      const headers = { authorization: `Bearer ${await signIn(demo.url, 'ada')}` };
      const presence = async () =>
        (
          (await (await fetch(`${demo.url}/presence/me`, { headers })).json()) as {
            claims: unknown;
          }
        ).claims;
      await fetch(`${demo.url}/presence/me/status`, {
        method: 'PUT',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ status: 'away', message: 'Lunch' }),
      });
      expect(await presence()).toMatchObject([{ status: 'away', message: 'Lunch' }]);
      expect(demo.printed()).toContain(`Store     ${shown}`);
      await demo.stop();
      await demo.start();
      expect(await presence()).toMatchObject([{ status: 'away', message: 'Lunch' }]);
    });
  });
});
