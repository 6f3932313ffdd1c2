import type { Clock, Random } from '@presence/core';
import type { Logger } from '../../types.ts';
import type { PresenceStore } from '../store.ts';
import { createCheck } from './check.ts';
import type { RedisClient } from './client.ts';
import { createCommit } from './commit.ts';
import { createConnections, databaseOf } from './connections.ts';
import { createCopies } from './copies.ts';
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

/** A store that can say what is wrong with its servers, and whether others share it by mistake. */
export type RedisStore = PresenceStore &
  Required<Pick<PresenceStore, 'nodes' | 'check' | 'comparePolicy'>>;

type Verbs = Omit<RedisStore, 'durability' | 'isLocal' | 'renewsByRevision' | 'close'>;

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
    nodes: guard(verbs.nodes),
    check: guard(verbs.check),
    comparePolicy: guard(verbs.comparePolicy),
  };
};

/** Connections of the store's own, and the scripts on one of them. */
const createGround = (given: RedisParts) => {
  const { redis, prefix, shardsPerTenant, deadlineMs, logger, clock } = given;
  const connections = createConnections(redis, logger, deadlineMs);
  const isSharded = redis.isCluster;
  const partitions = createPartitions(prefix, given.partitions, shardsPerTenant, databaseOf(redis));
  const connection = connections.open(false);
  const deadline = createDeadline(clock, deadlineMs, (ms) => tooLate(ms, connections.trouble()));
  const scripts = createScripts({
    connection,
    partitions,
    deadline,
    clock: given.scriptClock,
    texts: given.scriptTexts,
  });
  return { connections, connection, isSharded, partitions, deadline, scripts };
};

/** The verbs on connections of the store's own, and what closes those. */
const createVerbs = (given: RedisParts) => {
  const { shardsPerTenant, logger, clock, random } = given;
  const { connections, connection, isSharded, partitions, deadline, scripts } = createGround(given);
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
    copies: partitions.count === 1 ? null : createCopies(partitions, epochs),
    command: isSharded ? 'SPUBLISH' : 'PUBLISH',
  });
  const feed = createFeed({
    ...given,
    partitions,
    epochs,
    deadline,
    isSharded,
    open: () => connections.open(true),
  });
  late.feed = feed;
  const { check, look } = createCheck({
    connection,
    partitions,
    epochs,
    deadline,
    clock,
    isSharded,
  });
  const verbs: Verbs = {
    ...createReads(parts),
    commit: createCommit(parts),
    renew: createRenew(parts),
    due: createDue(parts),
    subscribe: feed.subscribe,
    signal: createSignal({ connection, partitions, deadline, isSharded }),
    check,
    comparePolicy: async (policy) => {
      const before = (await epochs.run('policy', 0, [policy]))[2];
      return before === policy || before === null || before === undefined ? null : String(before);
    },
  };
  return {
    verbs,
    whenConnected: (then: () => void) => connection.once('ready', then),
    look,
    close: () => {
      feed.close();
      connection.disconnect();
    },
  };
};

/** The store over its parts. `redisStore` fills in what applications leave out. */
export const createRedisStore = (given: RedisParts): RedisStore => {
  const { verbs, close, look, whenConnected } = createVerbs(given);
  const { logger } = given;
  let isClosed = false;
  whenConnected(() => {
    look().catch((error: unknown) => {
      if (isClosed) return;
      logger.error({ err: error }, '[presence/redis] Something is wrong with the server.');
    });
  });
  return {
    durability: 'volatile',
    ...guarded(verbs, () => isClosed),
    close: async () => {
      isClosed = true;
      close();
    },
  };
};
