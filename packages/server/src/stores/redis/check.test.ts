import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { nodeLease } from '@presence/core';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { freePort } from '../../../../../tests/services/free-port.ts';
import { startRedis, type RedisProcess } from '../../../../../tests/services/redis-server.ts';
import { connectCluster, missingRedis, redisParts } from '../../../test-fixtures/redis.ts';
import { accepted, commit, keyOf, take, writeOf } from '../../testing/suite/writes.ts';
import type { RedisClient } from './client.ts';
import { CHANNEL_COMMANDS, PLAIN_COMMANDS, SCRIPT_COMMANDS } from './commands.ts';
import { createRedisStore, type RedisParts, type RedisStore } from './create-store.ts';
import { SCRIPTS, SERVER_CLOCK } from './scripts.generated.ts';

const PASSWORD = 'correct-horse-battery';
const NODE = nodeLease('a', 1);

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A store with everything that it logs. */
const storeOf = (redis: RedisClient, parts: Partial<RedisParts> = {}) => {
  const logged: unknown[] = [];
  const log = (...line: unknown[]): void => void logged.push(line);
  const logger = { debug: () => undefined, info: log, warn: log, error: log };
  const store = createRedisStore(
    redisParts(redis, { prefix: 'p', deadlineMs: 2000, logger, ...parts }),
  );
  closing.push(() => store.close());
  return { store, logged: () => inspect(logged, { depth: 9, showHidden: true }) };
};

const clientOf = (options: RedisOptions): Redis => {
  const redis = new Redis({ host: '127.0.0.1', lazyConnect: true, ...options } as never);
  redis.on('error', () => undefined);
  closing.push(() => redis.disconnect());
  return redis;
};

const refusal = async (store: RedisStore): Promise<string> => {
  const error = await store.check().then(
    () => null,
    (caught: unknown) => caught as Error & { code: string },
  );
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(PASSWORD);
  return `${error?.code}: ${error?.message}`;
};

const listening = async (answer: (socket: Socket, text: string) => void): Promise<number> => {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => answer(socket, bytes.toString()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
};

/** Speaks as an old server would, as far as it is asked. */
const oldServer = (info: string): Promise<number> =>
  listening((socket, text) => {
    for (const asked of text.toLowerCase().matchAll(/\*\d+\r\n\$\d+\r\n(\w+)\r\n/g)) {
      socket.write(asked[1] === 'info' ? `$${Buffer.byteLength(info)}\r\n${info}\r\n` : '+OK\r\n');
    }
  });

describe('what answers is not what it should be', () => {
  it('nobody listens', async () => {
    const { store } = storeOf(clientOf({ port: await freePort(), password: PASSWORD }));
    expect(await refusal(store)).toMatch(/^store_unavailable: .*Nobody listens there/);
    await expect(store.load([keyOf('ada')])).rejects.toThrow('Nobody listens there');
  });

  it('there is no such host', async () => {
    const { store } = storeOf(clientOf({ host: 'nobody.invalid', password: PASSWORD }));
    expect(await refusal(store)).toMatch(/^store_unavailable: .*There is no such host/);
  });

  it('it is no Redis', async () => {
    const port = await listening((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const { store } = storeOf(clientOf({ port, password: PASSWORD }));
    expect(await refusal(store)).toMatch(/^store_unavailable: .*What answers there is no Redis/);
  });

  it('it says nothing at all', async () => {
    const port = await listening(() => undefined);
    const { store } = storeOf(clientOf({ port }), { deadlineMs: 300 });
    expect(await refusal(store)).toMatch(/^store_unavailable: .*did not answer within 300 ms/);
  });

  it('it is too old', async () => {
    const port = await oldServer('redis_version:6.2.14\r\nrole:master\r\nmaxmemory:0\r\n');
    const { store, logged } = storeOf(clientOf({ port }));
    expect(await refusal(store)).toMatch(
      /^invalid_options: .*too old: Redis 7\.0 or newer is needed, and it says that it is 6\.2\.14/,
    );
    await vi.waitFor(() => expect(logged()).toContain('Something is wrong with the server'), 5000);
  });

  it('it is a replica', async () => {
    const port = await oldServer('redis_version:7.2.0\r\nrole:slave\r\nmaxmemory:0\r\n');
    const { store } = storeOf(clientOf({ port }));
    expect(await refusal(store)).toMatch(/^invalid_options: .*is a replica/);
  });
});

describe.skipIf(missingRedis('redisCluster'))('one server and a cluster', () => {
  let cluster: Cluster;
  beforeAll(() => {
    cluster = connectCluster();
  });
  afterAll(() => cluster.disconnect());

  it('a cluster is as it must be', async () => {
    const { store } = storeOf(cluster, { prefix: 'checked', deadlineMs: 10_000 });
    await store.check();
  });

  it('needs of its user what the guide says', async () => {
    await cluster.ping();
    const commands = [
      ...SCRIPT_COMMANDS,
      ...PLAIN_COMMANDS,
      ...CHANNEL_COMMANDS.cluster,
      'eval',
      'evalsha',
      'cluster|slots',
      'cluster|info',
      'asking',
    ];
    const rights = ['~{limited:*', '&{limited:*', ...commands.map((command) => `+${command}`)];
    const masters = cluster.nodes('master');
    const user = ['ACL', 'SETUSER', 'limited', 'reset', 'on', `>${PASSWORD}`] as const;
    await Promise.all(masters.map((master) => master.call(...user, ...rights)));
    closing.push(() =>
      Promise.all(masters.map((master) => master.call('ACL', 'DELUSER', 'limited'))),
    );
    const nodes = masters.map(({ options: { port } }) => ({ host: '127.0.0.1', port: port! }));
    const login = { username: 'limited', password: PASSWORD };
    const redis = new Cluster(nodes, { lazyConnect: true, redisOptions: login });
    redis.on('error', () => undefined);
    closing.push(() => redis.disconnect());
    const { store } = storeOf(redis, { prefix: 'limited', deadlineMs: 10_000 });
    await store.check();
    const heard: unknown[] = [];
    await store.subscribe(['acme', 'other'], {
      change: (change) => heard.push(change),
      signal: (signal) => heard.push(signal),
      gap: () => undefined,
    });
    await take(store, NODE, 1000);
    await accepted(store, writeOf('ada'), writeOf('bob', { tenant: 'other' }));
    await store.signal('acme', 'hello');
    await vi.waitFor(() => expect(heard).toHaveLength(3), 20_000);
    await accepted(store, writeOf('ada', { base: 1, record: null, scopes: [] }));
  });

  it('a client of one server, and the server is part of a cluster', async () => {
    await new Promise<void>((resolve) => {
      if (cluster.status === 'ready') resolve();
      else cluster.once('ready', () => resolve());
    });
    const redis = clientOf({ port: cluster.nodes('master')[0]!.options.port! });
    const stores = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((prefix) =>
      storeOf(redis, { prefix }),
    );
    const said = await Promise.all(stores.map(({ store }) => refusal(store)));
    expect(said.some((text) => text.includes('pass new Redis.Cluster(nodes)'))).toBe(true);
  });
});

describe.skipIf(missingRedis('redisCluster'))('a Redis of its own', () => {
  let server: RedisProcess;
  let admin: Redis;

  beforeAll(async () => {
    server = await startRedis();
    admin = new Redis(server.port, '127.0.0.1');
  });
  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    await admin.flushall();
    await admin.config('SET', 'maxmemory', '0');
    await admin.config('SET', 'maxmemory-policy', 'noeviction');
  });

  const connect = (options: RedisOptions = {}): Redis =>
    clientOf({ port: server.port, ...options });

  it('is as it must be', async () => {
    const { store, logged } = storeOf(connect());
    await store.check();
    expect(logged()).not.toContain('presence');
  });

  it('a cluster client, and the server is part of none', async () => {
    const redis = new Cluster([{ host: '127.0.0.1', port: server.port }], { lazyConnect: true });
    redis.on('error', () => undefined);
    closing.push(() => redis.disconnect());
    const { store } = storeOf(redis, { deadlineMs: 5000 });
    expect(await refusal(store)).toMatch(/pass new Redis\(url\) instead of new Redis\.Cluster/);
  });

  it('S15: a database that is not there is named, and nothing is written into another', async () => {
    const { store } = storeOf(connect({ db: 99 }), { deadlineMs: 1000 });
    expect(await refusal(store)).toMatch(/^store_unavailable: .*Check the option db/);
    await expect(commit(store, writeOf('ada'))).rejects.toMatchObject({
      code: 'store_unavailable',
    });
    expect(await admin.dbsize()).toBe(0);
  });

  it('S15: applications with one prefix in two databases hear nothing of each other', async () => {
    const one = storeOf(connect({ db: 1 })).store;
    const two = storeOf(connect({ db: 2 })).store;
    const heard: string[] = [];
    const on = (name: string) => ({
      change: () => void heard.push(name),
      signal: () => void heard.push(name),
      gap: () => void heard.push(name),
    });
    await one.subscribe(['acme'], on('one'));
    await two.subscribe(['acme'], on('two'));
    await accepted(one, writeOf('ada'));
    await one.signal('acme', 'hello');
    await accepted(two, writeOf('bob'));
    await vi.waitFor(() => expect(heard.toSorted()).toEqual(['one', 'one', 'two']), 10_000);
    expect((await two.load([keyOf('ada')])).items[0]?.record).toBeNull();
  });

  it.each(['allkeys-lru', 'allkeys-lfu', 'allkeys-random'])(
    'a server that may throw leases away (%s) is named',
    async (policy) => {
      await admin.config('SET', 'maxmemory', '100mb');
      await admin.config('SET', 'maxmemory-policy', policy);
      const { store } = storeOf(connect());
      expect(await refusal(store)).toMatch(
        new RegExp(`^invalid_options: .*${policy}.*Set maxmemory-policy noeviction`),
      );
    },
  );

  it('one that evicts only keys that expire is right, for none of the store’s do', async () => {
    await admin.config('SET', 'maxmemory', '100mb');
    await admin.config('SET', 'maxmemory-policy', 'volatile-lru');
    const { store } = storeOf(connect());
    await store.check();
    await take(store, NODE, 30_000);
    await accepted(store, writeOf('ada', { holds: [NODE], solo: NODE, deadline: 9e12 }));
    for (const key of await admin.keys('*')) expect([key, await admin.ttl(key)]).toEqual([key, -1]);
  });

  it('S2: one without memory refuses writes in time, and takes them when it has some', async () => {
    const { store } = storeOf(connect());
    await take(store, NODE, 30_000);
    await accepted(store, writeOf('ada', { holds: [NODE], solo: NODE }));
    await admin.config('SET', 'maxmemory', '1');
    const full = { code: 'store_unavailable', message: expect.stringContaining('out of memory') };
    await expect(commit(store, writeOf('bob'))).rejects.toMatchObject(full);
    await expect(store.renew([{ id: NODE, forMs: 60_000 }], null)).rejects.toMatchObject(full);
    expect(await refusal(store)).toMatch(/^store_unavailable: .*Raise its maxmemory/);
    expect((await store.load([keyOf('ada')])).items[0]?.record?.revision).toBe(1);
    await admin.config('SET', 'maxmemory', '0');
    await store.check();
    expect((await store.renew([{ id: NODE, forMs: 60_000 }], null)).lost).toEqual([]);
  });

  it('a wrong password is named, and no password is in what is said or logged', async () => {
    await admin.call('ACL', 'SETUSER', 'app', 'reset', 'on', `>x${PASSWORD}`, '~*', '&*', '+@all');
    const { store, logged } = storeOf(connect({ username: 'app', password: PASSWORD }));
    expect(await refusal(store)).toMatch(/^store_unavailable: .*refused the login/);
    await vi.waitFor(() => expect(logged()).toContain('refused the login'), 5000);
    expect(logged()).not.toContain(PASSWORD);
  });

  describe('a user who may not do everything', () => {
    const all = [...SCRIPT_COMMANDS, ...PLAIN_COMMANDS, ...CHANNEL_COMMANDS.one, 'eval', 'evalsha'];
    const userWho = async (may: readonly string[], where = '{p:*'): Promise<Redis> => {
      const rights = may.map((command) => `+${command}`);
      const to = [`~${where}`, `&${where}`];
      await admin.call('ACL', 'SETUSER', 'app', 'reset', 'on', `>${PASSWORD}`, ...to, ...rights);
      return connect({ username: 'app', password: PASSWORD });
    };

    it('needs what the store says that it needs, and no more', async () => {
      const { store } = storeOf(await userWho(all));
      await store.check();
      const heard: unknown[] = [];
      const stop = await store.subscribe(['acme'], {
        change: (change) => heard.push(change),
        signal: (signal) => heard.push(signal),
        gap: () => undefined,
      });
      await take(store, NODE, 1);
      await accepted(store, writeOf('ada'), writeOf('bob', { deadline: 1 }));
      await accepted(store, writeOf('ada', { base: 1, record: null, scopes: [] }));
      await store.signal('acme', 'hello');
      await store.find({ tenant: 'acme', scope: 't', status: ['online'], after: '', limit: 10 });
      await store.count({ tenant: 'acme', scope: 't' });
      await store.due(1, 0.5);
      await store.comparePolicy('{}');
      await vi.waitFor(() => expect(heard).toHaveLength(4), 10_000);
      await stop();
    });

    it.each(all.filter((command) => command !== 'eval'))(
      'without %s is told so',
      async (command) => {
        const { store } = storeOf(await userWho(all.filter((each) => each !== command)));
        const said = await refusal(store);
        if (command === 'info') expect(said).toMatch(/^store_unavailable: .*The user may not run/);
        else expect(said).toMatch(new RegExp(`^invalid_options: .*may not run ${command},`));
      },
    );

    it('without eval, or with other keys, is told so, also by the calls that fail', async () => {
      const first = storeOf(await userWho(all.filter((each) => each !== 'eval'))).store;
      expect(await refusal(first)).toContain('The user may not run a command');
      const second = storeOf(await userWho(all, '{other:*')).store;
      expect(await refusal(second)).toMatch(/may not/);
      await expect(second.load([keyOf('ada')])).rejects.toThrow('The user may not run a command');
      const third = storeOf(await userWho(all.filter((each) => each !== 'zadd'))).store;
      await expect(take(third, NODE, 1000)).rejects.toThrow('The user may not run a command');
    });
  });
});

describe('the commands that a user needs', () => {
  it('are in the guide', () => {
    const guide = readFileSync(new URL('../../../../../docs/guide.md', import.meta.url), 'utf8');
    const row = guide.split('\n').find((line) => line.startsWith('| the user | '))!;
    const channels = Object.values(CHANNEL_COMMANDS).flat();
    for (const command of [...SCRIPT_COMMANDS, ...PLAIN_COMMANDS, ...channels, 'eval', 'evalsha']) {
      expect(row).toContain(`\`${command}\``);
    }
  });

  it('are those of the scripts', () => {
    const texts = [SERVER_CLOCK, ...Object.values(SCRIPTS)].join('\n');
    const run = [...texts.matchAll(/redis\.call\('(\w+)'/g)].map(([, name]) => name!.toLowerCase());
    const inPieces = [...texts.matchAll(/inPieces\('(\w+)'/g)].map(([, name]) =>
      name!.toLowerCase(),
    );
    const known = [...SCRIPT_COMMANDS, ...PLAIN_COMMANDS];
    expect([...new Set([...run, ...inPieces, 'info'])].toSorted()).toEqual(known.toSorted());
  });
});
