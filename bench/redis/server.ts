// The Redis of the benchmark's own, and what it says of itself.
import { Redis } from 'ioredis';
import { startRedis } from '../../tests/services/redis-server.ts';

export interface BenchRedis {
  readonly url: string;
  readonly redis: Redis;
  /** Commands that clients sent; what scripts do inside is not among them. */
  sent(): Promise<number>;
  /** Bytes that it holds. */
  held(): Promise<number>;
  version(): Promise<string>;
  /** The process stands still, and nothing is closed. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

const SENT = /^(evalsha|eval|publish|subscribe|ping)$/;

export const startBenchRedis = async (): Promise<BenchRedis> => {
  const server = await startRedis();
  const url = `redis://127.0.0.1:${server.port}`;
  const redis = new Redis(url);
  const read = async (section: string, pattern: RegExp): Promise<string> =>
    (await redis.info(section)).match(pattern)?.[1] ?? '';
  return {
    url,
    redis,
    sent: async () => {
      const stats = await redis.info('commandstats');
      const calls = [...stats.matchAll(/cmdstat_(\w+(?:\|\w+)?):calls=(\d+)/g)];
      return calls
        .filter(([, name = '']) => SENT.test(name))
        .reduce((sum, [, , count]) => sum + Number(count), 0);
    },
    held: async () => Number(await read('memory', /used_memory:(\d+)/)),
    pause: () => void server.child.kill('SIGSTOP'),
    resume: () => void server.child.kill('SIGCONT'),
    version: () => read('server', /redis_version:(\S+)/),
    stop: async () => {
      redis.disconnect();
      await server.stop();
    },
  };
};

export const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};
