import { PresenceError } from '@presence/core';
import { systemClock } from '../../system-clock.ts';
import { systemRandom } from '../../system-random.ts';
import type { Logger } from '../../types.ts';
import type { RedisClient } from './client.ts';
import { createRedisStore, type RedisStore } from './create-store.ts';
import { SCRIPTS } from './scripts.generated.ts';
import { serverClock } from './scripts.ts';

export interface RedisStoreOptions {
  /**
   * The application's client of ioredis 5.6 or 6. The store opens connections of its own to where it
   * goes, with settings that queue nothing and send nothing twice, and leaves the client itself alone.
   */
  readonly redis: RedisClient;
  /** Begins every key and channel. Default `presence`. Applications that share a server choose their own. */
  readonly prefix?: string;
  /**
   * Slots that users are spread over. Default 1, on a cluster 16. Fixed once there is data: another
   * number refuses to start.
   */
  readonly partitions?: number;
  /**
   * Partitions that one tenant's users are spread over. Default 1: lists and counts ask one server.
   * More for tenants too large for one. Fixed once there is data.
   */
  readonly shardsPerTenant?: number;
  /** How long a call may take before it fails. Default 900 ms: a heartbeat is answered within a second. */
  readonly deadlineMs?: number;
  /** Silent by default. */
  readonly logger?: Logger;
}

const KNOWN = ['redis', 'prefix', 'partitions', 'shardsPerTenant', 'deadlineMs', 'logger'];
const CLUSTER_PARTITIONS = 16;
const MOST_PARTITIONS = 256;
const PROBE_MS = 5000;

const silent = (): void => undefined;
const SILENT: Logger = Object.freeze({ debug: silent, info: silent, warn: silent, error: silent });

const invalid = (what: string): PresenceError =>
  new PresenceError('invalid_options', `[presence/redis] ${what}`);

const checkCount = (name: string, value: number, most: number): void => {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw invalid(`${name} must be a whole number from 1 to ${most}: saw ${String(value)}.`);
};

const check = (options: RedisStoreOptions, partitions: number, shardsPerTenant: number): void => {
  for (const name of Object.keys(options)) {
    if (!KNOWN.includes(name)) {
      throw invalid(`"${name}" is not an option. Known: ${KNOWN.join(', ')}.`);
    }
  }
  const { prefix = '' } = options;
  if (/[{}]/.test(prefix) || prefix.length > 64) {
    throw invalid(`prefix may have no braces and at most 64 characters: saw "${prefix}".`);
  }
  checkCount('partitions', partitions, MOST_PARTITIONS);
  checkCount('shardsPerTenant', shardsPerTenant, partitions);
  if (options.deadlineMs !== undefined && !(options.deadlineMs > 0)) {
    throw invalid(`deadlineMs must be above 0: saw ${options.deadlineMs}.`);
  }
};

/**
 * Presence of many nodes on one Redis 7, a Sentinel's master, or a Redis Cluster.
 *
 * `await store.check()` before the first user comes says what is wrong with the server: too old, too few
 * permissions, a policy that throws keys away, no such database.
 *
 * @throws PresenceError `invalid_options` when an option cannot work
 * @example
 * const store = redisStore({ redis: new Redis(process.env.REDIS_URL) })
 */
export const redisStore = (options: RedisStoreOptions): RedisStore => {
  const { redis, prefix = 'presence', deadlineMs = 900, logger = SILENT } = options;
  const { partitions = redis?.isCluster ? CLUSTER_PARTITIONS : 1, shardsPerTenant = 1 } = options;
  check(options, partitions, shardsPerTenant);
  return createRedisStore({
    redis,
    prefix,
    partitions,
    shardsPerTenant,
    deadlineMs,
    probeMs: PROBE_MS,
    logger,
    clock: systemClock,
    random: systemRandom,
    scriptClock: serverClock,
    scriptTexts: SCRIPTS,
  });
};
