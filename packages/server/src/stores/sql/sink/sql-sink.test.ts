import { Redis } from 'ioredis';
import { createSeededRandom } from '@presence/core/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startRedis, type RedisProcess } from '../../../../../../tests/services/redis-server.ts';
import {
  missingSql,
  prepare,
  sqlParts,
  type DatabaseName,
  type Prepared,
} from '../../../../test-fixtures/sql.ts';
import type { Sink } from '../../../durable/sink.ts';
import { createPresence } from '../../../presence.ts';
import { systemClock } from '../../../system-clock.ts';
import type { Presence, PresenceOptions, Principal } from '../../../types.ts';
import { redisStore } from '../../redis/redis-store.ts';
import { createSqlSink } from './sql-sink.ts';

const security = { secret: 'a secret for the tests, long enough', authorize: () => true };

const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
};

const DATABASES: readonly DatabaseName[] = ['node:sqlite', 'postgres', 'mariadb'];

describe.each(DATABASES)('Redis with a durable side in %s', (name) => {
  describe.skipIf(missingSql(name))('for what may not be lost', () => {
    let prepared: Prepared;
    let server: RedisProcess;
    const opened: (() => Promise<void>)[] = [];

    beforeAll(async () => {
      prepared = await prepare(name);
      server = await startRedis();
    });
    afterEach(async () => {
      for (const close of opened.splice(0)) await close();
    });
    afterAll(async () => {
      await server.stop();
      await prepared.dispose();
    });

    const realSink = (): Sink =>
      createSqlSink(sqlParts(prepared, { random: createSeededRandom(opened.length + 1) }));

    /** A node over the Redis, whose sink is changed. */
    const createNode = (
      changed: (sink: Sink) => Partial<Sink> = () => ({}),
      options: Partial<PresenceOptions<Principal | null>> = {},
    ): Presence<Principal | null> => {
      const redis = new Redis(server.port, '127.0.0.1', { lazyConnect: true });
      // A machine that is busy with others is no fault here.
      const store = redisStore({ redis, deadlineMs: 20_000 });
      const sink = realSink();
      const presence = createPresence<Principal | null>({
        authenticate: (raw) => raw,
        store,
        sink: { ...sink, ...changed(sink) },
        admin: true,
        security,
        ...options,
      });
      opened.push(async () => {
        await presence.close();
        await store.close();
        redis.disconnect();
      });
      return presence;
    };

    const empty = async (): Promise<void> => {
      const redis = new Redis(server.port, '127.0.0.1');
      await redis.flushall();
      redis.disconnect();
    };

    const rowOf = async (userId: string) => {
      const { rows } = await sql<{
        status: string;
        last_seen_at: unknown;
        data: string;
      }>`select c.status, c.last_seen_at, u.data
      from ${sql.table(`${prepared.prefix}current`)} c join ${sql.table(`${prepared.prefix}user`)} u on u.user_id = c.user_id
      where c.user_id = ${userId}`.execute(prepared.db);
      return rows[0];
    };

    const request = (method: string, path: string, body: unknown) => ({
      method,
      path,
      query: '',
      header: (name: string) =>
        name === 'content-type' ? 'application/json' : name === 'host' ? 'app.example' : undefined,
      body: body === null ? null : ({ kind: 'parsed', value: body } as const),
      address: '192.0.2.1',
      raw: { userId: 'root' },
    });

    it('S9: what an admin was answered is in the database, and is put back into an empty Redis', async () => {
      const presence = createNode();
      const { status, body } = await presence.handle(
        request('PUT', '/admin/users/ada/account', { account: 'suspended' }),
      );
      expect([status, JSON.parse(body!)]).toMatchObject([200, { durability: 'durable' }]);
      expect(JSON.parse((await rowOf('ada'))!.data)).toMatchObject({ account: 'suspended' });
      await presence.claim('bob', 'away', {
        source: 'admin',
        message: 'On leave',
        holdsAbsent: true,
      });
      await presence.claim('cleo', 'dnd');
      await presence.setVisibility('dan', 'hidden');
      await presence.release('cleo');
      await empty();
      const list = await presence.list();
      expect(list.presences).toMatchObject([
        { userId: 'bob', status: 'away', message: 'On leave' },
      ]);
      expect((await presence.me('ada')).account).toBe('suspended');
      expect((await presence.me('dan')).visibility).toBe('hidden');
      expect((await presence.me('cleo')).claims).toEqual([]);
      const ready = await presence.handle({ ...request('GET', '/health/ready', null) });
      expect([ready.status, JSON.parse(ready.body!)]).toEqual([
        200,
        { status: 'ok', durability: 'durable' },
      ]);
    });

    it('S11: a blocked user who comes back first, to another node, is refused by an empty Redis', async () => {
      await createNode().setAccount('eve', 'banned');
      const other = createNode();
      await other.get('somebody');
      await empty();
      const answer = await other.handle({
        ...request('POST', '/heartbeat', {}),
        raw: { userId: 'eve' },
      });
      expect(answer.status).toBe(403);
      expect((await other.me('eve')).account).toBe('banned');
    });

    it('writes last seen and statuses for queries of the application’s own', async () => {
      const presence = createNode();
      await presence.signIn('finn');
      await until(async () => (await rowOf('finn'))?.status === 'online');
      await presence.signOut('finn');
      const { lastSeenAt } = await presence.get('finn');
      expect(await rowOf('finn')).toMatchObject({ status: 'offline' });
      expect(Number((await rowOf('finn'))!.last_seen_at)).toBe(lastSeenAt);
    });

    it('finishes what a node left that died between the commit and the write', async () => {
      const died = new Error('killed');
      const dying = createNode(() => ({ write: () => Promise.reject(died) }));
      await expect(dying.setAccount('gail', 'suspended')).rejects.toThrow();
      await expect(dying.forget('bob')).rejects.toThrow();
      expect(await rowOf('gail')).toBeUndefined();
      expect(await rowOf('bob')).toBeDefined();
      await sql`update ${sql.table(`${prepared.prefix}announced`)} set at = 0`.execute(prepared.db);
      createNode();
      await until(
        async () => (await rowOf('gail')) !== undefined && (await rowOf('bob')) === undefined,
      );
      const { rows } = await sql`select 1 from ${sql.table(`${prepared.prefix}announced`)}`.execute(
        prepared.db,
      );
      expect(rows).toEqual([]);
    });

    it('S19: repeats nothing, and is not talked back into the past', async () => {
      const sink = realSink();
      const written: Parameters<Sink['write']>[0][number][] = [];
      const presence = createNode((real) => ({
        write: async (users, announced) => {
          written.push(...users);
          await real.write(users, announced);
          await real.write(users, announced);
        },
      }));
      await presence.claim('hal', 'busy');
      await presence.claim('hal', 'away');
      const before = await rowOf('hal');
      for (const user of written.toReversed()) await sink.write([user], []);
      expect(await rowOf('hal')).toEqual(before);
      expect(JSON.parse(before!.data)).toMatchObject({ claims: [{ status: 'away' }] });
    });

    it('refuses what has to be durable while the database is down, and live presence goes on', async () => {
      let isDown = false;
      const failing =
        <Given extends unknown[], Answer>(verb: (...given: Given) => Promise<Answer>) =>
        (...given: Given): Promise<Answer> =>
          isDown ? Promise.reject(new Error('down')) : verb(...given);
      const presence = createNode((sink) => ({
        announce: failing(sink.announce),
        write: failing(sink.write),
        declared: failing(sink.declared),
      }));
      await presence.signIn('iris');
      isDown = true;
      const refused = await presence.handle(
        request('PUT', '/admin/users/iris/account', { account: 'banned' }),
      );
      expect(refused.status).toBe(503);
      expect((await presence.me('iris')).account).toBe('active');
      await presence.signIn('jack');
      expect((await presence.get('jack')).status).toBe('online');
      isDown = false;
      await until(async () => (await rowOf('jack'))?.status === 'online');
    });

    it('answers a repeated declaration only once the database has it', async () => {
      let isDown = false;
      const presence = createNode((sink) => ({
        write: (...given) => (isDown ? Promise.reject(new Error('down')) : sink.write(...given)),
      }));
      await presence.get('kim');
      isDown = true;
      await expect(presence.setAccount('kim', 'suspended')).rejects.toThrow();
      await expect(presence.setAccount('kim', 'suspended')).rejects.toThrow();
      isDown = false;
      await presence.setAccount('kim', 'suspended');
      expect(JSON.parse((await rowOf('kim'))!.data)).toMatchObject({ account: 'suspended' });
    });

    it('S15: users and tenants that look alike stay different in the database, and when they are put back', async () => {
      const presence = createNode();
      const alike = ['mia', 'Mia', 'mia ', 'mía', 'mi\u0301a', "mia'", 'mia%', '👩', '\ue000'];
      for (const userId of alike) await presence.claim(userId, 'busy', { message: userId });
      for (const tenant of alike) await presence.tenant(tenant).setAccount('mia', 'pending');
      await empty();
      const messages = alike.map(async (userId) => (await presence.me(userId)).claims[0]?.message);
      expect(await Promise.all(messages)).toEqual(alike);
      const accounts = alike.map(async (id) => (await presence.tenant(id).me('mia')).account);
      expect(await Promise.all(accounts)).toEqual(alike.map(() => 'pending'));
      expect((await presence.me('mia')).account).toBe('active');
    });

    it('keeps the history in the database, where it is asked for', async () => {
      const presence = createNode(() => ({}), { history: {} });
      const key = { tenant: 'default', userId: 'lea' };
      await presence.signIn('lea');
      await presence.claim('lea', 'busy');
      await presence.signOut('lea');
      const { history } = realSink();
      const read = async () => {
        const query = { key, from: 0, until: systemClock.now() + 1e6, after: null, limit: 9 };
        const { steps } = await history.read({ ...query, order: 'oldest' });
        return steps.map(({ status }) => status);
      };
      await until(async () => (await read()).length === 3);
      expect(await read()).toEqual(['online', 'busy', 'offline']);
    });
  });
});
