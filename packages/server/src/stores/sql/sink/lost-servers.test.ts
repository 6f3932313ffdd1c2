import { Redis } from 'ioredis';
import { Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatabaseProcess } from '../../../../../../tests/services/database-process.ts';
import { startPostgres } from '../../../../../../tests/services/postgres.ts';
import { startRedis, type RedisProcess } from '../../../../../../tests/services/redis-server.ts';
import { missingSql } from '../../../../test-fixtures/sql.ts';
import { createPresence } from '../../../presence.ts';
import type { Presence } from '../../../types.ts';
import { redisStore } from '../../redis/redis-store.ts';
import { migrate } from '../migrations/migrate.ts';
import { sqlSink } from './sql-sink.ts';

const ignore = (): void => undefined;

describe.skipIf(missingSql('postgres'))(
  'Redis with a durable side in a Postgres that is killed',
  () => {
    let postgres: DatabaseProcess;
    let server: RedisProcess;
    let presence: Presence<null>;
    let close: () => Promise<void>;

    beforeAll(async () => {
      [postgres, server] = await Promise.all([startPostgres(), startRedis()]);
      const pool = new Pool({ connectionString: postgres.url, max: 5 });
      pool.on('error', ignore);
      pool.on('connect', (client) => void client.on('error', ignore));
      const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
      await migrate(db);
      const redis = new Redis(server.port, '127.0.0.1', { lazyConnect: true });
      redis.on('error', ignore);
      const store = redisStore({ redis });
      presence = createPresence<null>({
        authenticate: () => null,
        store,
        sink: sqlSink({ db }),
        security: { secret: 'a secret for the tests, long enough' },
      });
      close = async () => {
        await presence.close();
        await store.close();
        redis.disconnect();
        await db.destroy();
      };
    });
    afterAll(async () => {
      await close();
      await Promise.all([postgres.stop(), server.stop()]);
    });

    const until = async (isSo: () => Promise<boolean>): Promise<void> => {
      while (!(await isSo().catch(() => false))) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };

    it('S9: keeps every block that was answered, whatever was killed; and live presence went on', async () => {
      const answered: string[] = [];
      let isKilled = false;
      let refused = 0;
      const block = async (user: number): Promise<void> => {
        const userId = `user-${user}`;
        await presence.setAccount(userId, 'banned').then(
          () => answered.push(userId),
          (error: unknown) => {
            refused += 1;
            expect(error).toMatchObject({ code: 'store_unavailable' });
          },
        );
      };
      const worker = async (first: number): Promise<void> => {
        for (let user = first; user < 400; user += 8) {
          if (user >= 160 && !isKilled) {
            isKilled = true;
            void postgres.process.kill();
          }
          await block(user);
        }
      };
      await presence.signIn('live');
      const blocking = Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(worker));
      await until(async () => refused > 0);
      await presence.signIn('later');
      expect(await presence.anyOnline(['later'])).toBe(true);
      await postgres.restart();
      await blocking;
      expect(answered.length).toBeGreaterThan(100);
      const flush = new Redis(server.port, '127.0.0.1');
      await flush.flushall();
      flush.disconnect();
      await until(async () => (await presence.me(answered[0]!)).account === 'banned');
      const accounts = await Promise.all(
        answered.map(async (userId) => (await presence.me(userId)).account),
      );
      expect(accounts.filter((account) => account !== 'banned')).toEqual([]);
    });
  },
);
