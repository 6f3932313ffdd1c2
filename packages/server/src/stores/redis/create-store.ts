import type { Clock, Random } from '@presence/core';
import type { Logger } from '../../types.ts';
import type { PresenceStore } from '../store.ts';
import { checkClient, ignoredSettings, openConnection, type RedisClient } from './client.ts';
import { createCommit } from './commit.ts';
import { createDeadline } from '../shared/deadline.ts';
import { createDue } from './due.ts';
import { createEpochs } from './epochs.ts';
import { closed, tooLate } from './failures.ts';
import { createFeed, type Feed } from './feed.ts';
import { createParts } from './parts.ts';
import { createPartitions } from './partitions.ts';
import { createReads } from './reads.ts';
import { createRenew } from './renew.ts';
import { createScripts, type ScriptClock, type ScriptTexts } from './scripts.ts';
import { createSignal } from './signal.ts';
import { createWhereabouts } from './whereabouts.ts';

/** Everything that the store is made of, with nothing left to default. */
export interface RedisParts {
  readonly redis: RedisClient;
  readonly prefix: string;
  readonly partitions: number;
  readonly shardsPerTenant: number;
  readonly deadlineMs: number;
  readonly probeMs: number;
  readonly logger: Logger;
  /** Of this process, for deadlines and probes: leases are judged by `scriptClock` alone. */
  readonly clock: Clock;
  readonly random: Random;
  readonly scriptClock: ScriptClock;
  readonly scriptTexts: ScriptTexts;
}

type Verbs = Omit<PresenceStore, 'durability' | 'isLocal' | 'close'>;

/** Refuses everything once the store is closed. */
const guarded = (verbs: Verbs, isClosed: () => boolean): Verbs => {
  const guard =
    <Args extends unknown[], Answer>(verb: (...args: Args) => Answer | Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      if (isClosed()) throw closed();
      return verb(...args);
    };
  return {
    load: guard(verbs.load),
    commit: guard(verbs.commit),
    renew: guard(verbs.renew),
    due: guard(verbs.due),
    find: guard(verbs.find),
    count: guard(verbs.count),
    subscribe: guard(verbs.subscribe),
    signal: guard(verbs.signal),
  };
};

const connectionsOf = ({ redis, logger }: RedisParts) => {
  const onError = (error: Error): void =>
    logger.warn({ err: error }, '[presence/redis] The connection failed; trying again.');
  checkClient(redis);
  const ignored = ignoredSettings(redis);
  if (ignored.length > 0) {
    logger.warn(
      { ignored },
      '[presence/redis] Settings of the client that the store does not follow.',
    );
  }
  return (forMessages: boolean) => openConnection(redis, { forMessages, onError });
};

/** The verbs on connections of the store's own, and what closes those. */
const createVerbs = (given: RedisParts): { readonly verbs: Verbs; close(): void } => {
  const { redis, prefix, shardsPerTenant, deadlineMs, logger, clock, random } = given;
  const open = connectionsOf(given);
  const isSharded = redis.isCluster;
  const partitions = createPartitions(prefix, given.partitions, shardsPerTenant);
  const connection = open(false);
  const deadline = createDeadline(clock, deadlineMs, tooLate);
  const scripts = createScripts({
    connection,
    partitions,
    deadline,
    clock: given.scriptClock,
    texts: given.scriptTexts,
  });
  const late: { feed?: Feed } = {};
  const onLoss = (partition: number): void => {
    logger.warn({ partition }, '[presence/redis] The server lost its data; beginning anew.');
    late.feed?.lost(partition);
  };
  const epochs = createEpochs({ scripts, partitions, shardsPerTenant, random, onLoss });
  const parts = createParts({
    partitions,
    epochs,
    whereabouts: partitions.count === 1 ? null : createWhereabouts(),
    command: isSharded ? 'SPUBLISH' : 'PUBLISH',
  });
  const feed = createFeed({
    ...given,
    partitions,
    epochs,
    deadline,
    isSharded,
    open: () => open(true),
  });
  late.feed = feed;
  return {
    verbs: {
      ...createReads(parts),
      commit: createCommit(parts),
      renew: createRenew(parts),
      due: createDue(parts),
      subscribe: feed.subscribe,
      signal: createSignal({ connection, partitions, deadline, isSharded }),
    },
    close: () => {
      feed.close();
      connection.disconnect();
    },
  };
};

/** The store over its parts. `redisStore` fills in what applications leave out. */
export const createRedisStore = (given: RedisParts): PresenceStore => {
  const { verbs, close } = createVerbs(given);
  let isClosed = false;
  return {
    durability: 'volatile',
    ...guarded(verbs, () => isClosed),
    close: async () => {
      isClosed = true;
      close();
    },
  };
};
