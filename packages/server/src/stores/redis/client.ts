import { PresenceError } from '@presence/core';

/** A client of ioredis 5.6 or 6: of one server, of a Sentinel, or of a Cluster. */
export interface RedisClient {
  readonly isCluster: boolean;
  readonly options: object;
  duplicate(...overrides: never[]): unknown;
}

/** What the store asks of a connection that it opened itself. */
export interface Connection {
  readonly status: string;
  connect(): Promise<unknown>;
  disconnect(reconnect?: boolean): void;
  evalsha(sha: string, keys: number, ...rest: (string | number)[]): Promise<unknown>;
  eval(script: string, keys: number, ...rest: (string | number)[]): Promise<unknown>;
  publish(channel: string, message: string): Promise<unknown>;
  spublish(channel: string, message: string): Promise<unknown>;
  subscribe(...channels: string[]): Promise<unknown>;
  unsubscribe(...channels: string[]): Promise<unknown>;
  ssubscribe(...channels: string[]): Promise<unknown>;
  sunsubscribe(...channels: string[]): Promise<unknown>;
  info(section: string): Promise<string>;
  nodes?(role: 'master'): Connection[];
  on(event: string, listener: (...args: never[]) => void): unknown;
  once(event: string, listener: () => void): unknown;
  removeListener(event: string, listener: () => void): unknown;
}

/**
 * Nothing is queued, sent twice or tried again: a heartbeat that was issued while the server stood
 * still must not be applied 12 s later. Replies are as RESP2 has them, in both major versions.
 */
const ONE = Object.freeze({
  lazyConnect: true,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  enableAutoPipelining: false,
  enableReadyCheck: true,
  readOnly: false,
  keyPrefix: '',
  commandTimeout: undefined,
  protocol: 2,
  replyMapping: 'legacy',
  retryStrategy: (times: number) => Math.min(50 * times, 1000),
});

const {
  lazyConnect: _lazy,
  enableOfflineQueue: _queue,
  readOnly: _readOnly,
  retryStrategy: _retry,
  ...perNode
} = ONE;

/**
 * A command refused by a cluster that is changing may be sent again; one whose connection broke may
 * have been applied. Commands wait for a server's first connection, and for nothing else.
 */
const MANY = Object.freeze({
  lazyConnect: true,
  enableOfflineQueue: true,
  enableAutoPipelining: false,
  retryDelayOnFailover: 0,
  scaleReads: 'master',
  keyPrefix: '',
  clusterRetryStrategy: (times: number) => Math.min(50 * times, 1000),
  slotsRefreshTimeout: 1000,
  slotsRefreshInterval: 5000,
});

type Duplicate = (...overrides: unknown[]) => Connection;

const invalid = (what: string): PresenceError =>
  new PresenceError('invalid_options', `[presence/redis] ${what}`);

/** @throws PresenceError `invalid_options` where it is no client of ioredis, or one of a replica */
export const checkClient = (redis: RedisClient): void => {
  if (typeof redis?.duplicate !== 'function' || typeof redis.isCluster !== 'boolean') {
    throw invalid(
      'redis must be a client of ioredis 5.6 or newer: new Redis(url) or new Redis.Cluster(nodes).',
    );
  }
  const { role } = redis.options as { readonly role?: string };
  if (role === 'slave') {
    throw invalid(
      'The client’s option role is "slave": replicas lag behind. Pass a client of the master.',
    );
  }
};

/** Settings of the given client that would change what the store does, and are not followed. */
export const ignoredSettings = (redis: RedisClient): string[] => {
  const options = redis.options as { readonly keyPrefix?: string; readonly scaleReads?: unknown };
  const ignored: string[] = [];
  if (options.keyPrefix) ignored.push(`keyPrefix "${options.keyPrefix}" (use the store's prefix)`);
  if (options.scaleReads !== undefined && options.scaleReads !== 'master') {
    ignored.push('scaleReads (replicas lag behind)');
  }
  return ignored;
};

/** Settings with which a client queues or repeats what the store's own connections do not. */
export const looserSettings = ({ isCluster, options }: RedisClient): string[] => {
  const given = { ...(options as Record<string, unknown>) };
  const own: Record<string, unknown> = isCluster ? {} : ONE;
  const names = ['enableOfflineQueue', 'autoResendUnfulfilledCommands', 'maxRetriesPerRequest'];
  return names
    .filter((name) => given[name] !== undefined && name in own && given[name] !== own[name])
    .map((name) => `${name}: ${String(given[name])}`);
};

/** With the login of the client: ioredis 5 takes the given options instead of its own. */
const perNodeOf = ({ options }: RedisClient): object => ({
  ...(options as { readonly redisOptions?: object }).redisOptions,
  ...perNode,
});

interface ConnectionParts {
  readonly forMessages: boolean;
  /** Without a byte for so long while an answer is due, it is broken, whatever TCP says, and opened anew. */
  readonly silenceMs: number;
  onError(error: Error): void;
}

/**
 * A connection to where the application's client goes, with the store's own settings: what the
 * application's client queues or sends again is none of the store's. Errors reach `onError`.
 */
export const openConnection = (
  redis: RedisClient,
  { forMessages, silenceMs, onError }: ConnectionParts,
): Connection => {
  const duplicate = redis.duplicate.bind(redis) as Duplicate;
  const silence = { socketTimeout: silenceMs };
  const connection = redis.isCluster
    ? duplicate([], {
        ...MANY,
        redisOptions: { ...perNodeOf(redis), ...silence },
        shardedSubscribers: forMessages,
      })
    : duplicate({ ...ONE, ...silence });
  connection.on('error', onError);
  connection.connect().catch(() => undefined);
  return connection;
};
