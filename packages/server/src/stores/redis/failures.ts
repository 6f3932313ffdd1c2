import { PresenceError } from '@presence/core';

const RETRY_AFTER_MS = 2000;

/** What a server's refusal means, and what to do about it. Nothing of an address or a password. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [
    /^OOM /,
    'The server is out of memory. Give it more, or set maxmemory-policy to noeviction and a higher maxmemory.',
  ],
  [
    /^NOPERM /,
    'The user may not run a command that the store needs. Allow +@all ~prefix keys and channels, or: eval, evalsha, info, publish, subscribe.',
  ],
  [
    /^(NOAUTH|WRONGPASS) /,
    'The server refused the login. Check the client’s user name and password.',
  ],
  [/^READONLY /, 'The server is a replica. Pass a client of the master.'],
  [/^(LOADING|MASTERDOWN|CLUSTERDOWN) /, 'The server is not ready yet.'],
  [/^MISCONF /, 'The server cannot save its data and refuses writes. See its log.'],
  [
    /unknown command|wrong number of arguments/i,
    'The server is too old: Redis 7.0 or newer is needed.',
  ],
  [/^CROSSSLOT /, 'The server is a cluster: pass new Redis.Cluster(nodes).'],
];

/** A failure of the server or its connection, as callers may know it. */
export const unavailable = (cause: unknown): PresenceError => {
  if (cause instanceof PresenceError) return cause;
  const seen = cause instanceof Error ? cause.message : '';
  const known = KNOWN.find(([pattern]) => pattern.test(seen));
  const advice = known?.[1] ?? 'The server did not answer.';
  return new PresenceError('store_unavailable', `[presence/redis] ${advice}`, {
    cause,
    retryAfterMs: RETRY_AFTER_MS,
  });
};

export const tooLate = (deadlineMs: number): PresenceError =>
  new PresenceError(
    'store_unavailable',
    `[presence/redis] The server did not answer within ${deadlineMs} ms.`,
    { retryAfterMs: RETRY_AFTER_MS },
  );

export const closed = (): PresenceError =>
  new PresenceError(
    'store_unavailable',
    '[presence/redis] The store is closed: it was called after close(). Close the engine before its store.',
  );
