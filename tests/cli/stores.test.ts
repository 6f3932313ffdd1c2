import { Redis } from 'ioredis';
import type { Kysely } from 'kysely';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createPresence,
  type PolicyOptions,
  type Presence,
  type PresenceStore,
} from '@presence/server';
import { redisStore } from '@presence/server/redis';
import { migrate, migrateDown, sqlStore } from '@presence/server/sql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../packages/server/src/cli/target/drivers.ts';
import { readUrl } from '../../packages/server/src/cli/target/url.ts';
import { STORES, useCli, type Cli } from './cli.ts';

const SECRET = 'a secret of the tests, long enough to be one';

/** Leases of a fifth of a second, so that nobody waits for them to end, and a server that does not see it. */
const HASTY: PolicyOptions = {
  heartbeatMs: 100,
  hiddenHeartbeatMs: 100,
  leaseMs: 200,
  reapMs: 30_000,
};

/** With what clears a terminal. */
const LEAVE = 'On leave\u001b[2J';

/** A process starts in a second or two, on a machine that has other work. */
const SOON = { timeout: 20_000 };

interface Application {
  readonly store: PresenceStore;
  close(): Promise<void>;
}

const onRedis = (url: string, prefix: string): Application => {
  const redis = new Redis(url, { lazyConnect: true });
  const store = redisStore({ redis, prefix });
  return {
    store,
    close: async () => {
      await store.close();
      const client = new Redis(url);
      const keys = await client.keys(`{${prefix}:*`);
      if (keys.length > 0) await client.unlink(...keys);
      client.disconnect();
    },
  };
};

const onSql = async (url: string, prefix: string): Promise<Application> => {
  const db: Kysely<unknown> = await connect(readUrl(url), { mayCreate: true });
  await migrate(db, { prefix });
  const store = sqlStore({ db, prefix });
  return {
    store,
    close: async () => {
      await store.close();
      await migrateDown(db, { prefix, all: true });
      await db.destroy();
    },
  };
};

/** The application over a store of its own, which is taken down when the tests are over. */
const useApplication = (kind: keyof typeof STORES, cli: Cli, url: string) => {
  const prefix = `app${process.pid}_`;
  const late = {} as { application: Application; presence: Presence };
  const policy = () => join(cli.folder, 'policy.json');
  beforeAll(async () => {
    const own = url.replace('sqlite:', `sqlite:${join(cli.folder, '/')}`);
    late.application = kind === 'redis' ? onRedis(own, prefix) : await onSql(own, prefix);
    late.presence = createPresence({
      authenticate: () => null,
      store: late.application.store,
      policy: HASTY,
      security: { secret: SECRET },
    });
    writeFileSync(policy(), JSON.stringify(HASTY));
    const leave = { source: 'admin', message: LEAVE, holdsAbsent: true };
    await late.presence.claim('ada', 'away', leave);
  });
  afterAll(async () => {
    await late.presence.close();
    await late.application.close();
  });
  return {
    place: ['--url', url, '--prefix', prefix],
    withPolicy: () => ['--policy', policy()],
    presence: () => late.presence,
    store: () => late.application.store,
  };
};

describe.each(['sqlite', 'postgres', 'mariadb', 'redis'] as const)('a store on %s', (kind) => {
  const url = STORES[kind]();
  describe.skipIf(url === null)('from the command line', () => {
    const cli = useCli();
    const { place, withPolicy, presence, store } = useApplication(kind, cli, url!);

    it('explains a user in words, and in JSON', async () => {
      const words = await cli.run(['explain', 'ada', ...place, ...withPolicy()]);
      expect(words.out).toContain('Shows away, although no session is alive,');
      expect(words.out).toMatch(
        /\nLast changes:\n(?: {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}\w+ +\([\w-]+\)\n)+$/,
      );
      const { code, value } = await cli.json(['explain', 'ada', ...place, ...withPolicy()]);
      expect(code).toBe(0);
      expect(value).toMatchObject({ userId: 'ada', status: 'away', claims: [{ message: LEAVE }] });
      const nobody = await cli.run(['explain', 'nobody', ...place]);
      expect(nobody).toEqual({ code: 0, out: 'Offline: never seen.\n', err: '' });
      const refused = await cli.run(['explain', '\n', ...place]);
      expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('userId must be')]);
    });

    it('counts users by status, and servers with sockets', async () => {
      const lease = { id: 'n:another-server:1', forMs: 60_000, create: true } as const;
      await store().renew([lease, { ...lease, id: 'n:dead-server:1', forMs: 1 }], null);
      const { code, value } = await cli.json(['status', ...place, ...withPolicy()]);
      expect(code).toBe(0);
      expect(value).toMatchObject({ isReady: true, nodes: 1, byStatus: { away: 1 } });
      const other = await cli.run(['status', '--tenant', 'acme', ...place, ...withPolicy()]);
      expect(other.out).toContain('0 online, 0 away, 0 busy, 0 dnd, 0 offline (tenant acme)');
    });

    it('is watched until somebody ends it', async () => {
      const watch = cli.start(['watch', ...place, ...withPolicy()]);
      const lines = cli.start(['watch', '--json', ...place, ...withPolicy()]);
      await expect.poll(watch.printed, SOON).toContain('Ctrl+C ends it.');
      // Whoever asks for JSON is not told when it listens.
      const call = { holdsAbsent: true, source: 'admin', message: LEAVE };
      await expect
        .poll(async () => {
          await presence().claim('grace', 'dnd', call);
          await presence().release('grace', { source: 'admin' });
          return lines.printed();
        }, SOON)
        .toContain('\n');
      await expect
        .poll(watch.printed, SOON)
        .toMatch(/\d\d:\d\d:\d\d {2}grace {2}dnd {2}“On leave\ufffd\[2J” {2}\(\S+\)/);
      watch.child.kill('SIGINT');
      lines.child.kill('SIGTERM');
      expect((await watch.ended).code).toBe(0);
      const { code, out } = await lines.ended;
      expect(code).toBe(0);
      const [first] = out.split('\n').map((line) => JSON.parse(line || 'null') as unknown);
      expect(first).toMatchObject({ tenant: 'default', presence: { userId: 'grace' } });
    });

    it('is cleaned up where no server is there to do it', async () => {
      const reap = () => cli.json(['reap', '--no-wait', ...place, ...withPolicy()]);
      await reap(); // somebody looks after the store: nobody has to be waited for
      await presence().signIn('linus');
      await expect
        .poll(async () => (await reap()).value, { timeout: 100_000 })
        .toMatchObject({ reset: 1, isComplete: true });
      expect((await reap()).value).toMatchObject({ reset: 0 });
      expect((await presence().get('linus')).status).toBe('offline');
    }, 120_000);

    it.skipIf(kind === 'redis')('says where its servers have other settings', async () => {
      const { code, out, err } = await cli.run(['reap', '--no-wait', '--history', ...place]);
      expect([code, out]).toEqual([0, expect.stringMatching(/^Reset \d+ users?: offline now/)]);
      expect(err).toContain('The servers of this store have other settings (');
      expect(err).toContain('leaseMs: 120000 here, 200 there');
      expect(err).toContain('history: "kept" here, "none" there');
      const same = await cli.json(['reap', '--no-wait', ...place, ...withPolicy()]);
      expect(same.value).toMatchObject({ differences: [] });
    });

    it('is found well by the doctor', async () => {
      const { code, value } = await cli.json(['doctor', ...place, ...withPolicy()]);
      const { findings } = value as { findings: { about: string; level: string; saw: string }[] };
      expect(findings.filter(({ level }) => level === 'fail')).toEqual([]);
      expect(new Set(findings.map(({ about }) => about))).toEqual(
        new Set(['configuration', 'store', 'servers', 'clock', 'proxies']),
      );
      expect(findings[1]?.saw).toContain('with its own heartbeatMs');
      expect(code).toBe(0);
    });
  });
});
