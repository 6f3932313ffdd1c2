import { PresenceError } from '@presence/core';

const RETRY_AFTER_MS = 2000;

/** What a refusal or a broken connection means, and what to do about it. Nothing of an address or a password. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [
    /^OOM /,
    'The server is out of memory and takes no writes. Raise its maxmemory, or make it hold less.',
  ],
  [
    /^NOPERM |user executing the script can't|ACL failure in script/,
    'The user may not run a command, or use a key or channel, that the store needs. The guide lists them, and check() names them.',
  ],
  [
    /^(NOAUTH|WRONGPASS)\b/,
    'The server refused the login. Check the client’s user name and password.',
  ],
  [/^READONLY /, 'The server is a replica. Pass a client of the master.'],
  [/^(LOADING|MASTERDOWN|CLUSTERDOWN) /, 'The server is not ready yet.'],
  [
    /TRYAGAIN|Too many Cluster redirections/,
    'The cluster is moving the data to another server. It goes on when that is done.',
  ],
  [/^MISCONF /, 'The server cannot save its data and refuses writes. See its log.'],
  [
    /unknown command|wrong number of arguments/i,
    'The server is too old: Redis 7.0 or newer is needed.',
  ],
  [/^(CROSSSLOT|MOVED) /, 'The server is part of a cluster: pass new Redis.Cluster(nodes).'],
  [
    /cluster support disabled/,
    'The server is not part of a cluster: pass new Redis(url) instead of new Redis.Cluster(nodes).',
  ],
  [/ECONNREFUSED/, 'Nobody listens there: the connection was refused. Check host and port.'],
  [/ENOTFOUND|EAI_AGAIN/, 'There is no such host. Check the client’s host.'],
  [
    /Socket timeout/,
    'It takes what is sent and answers nothing, and nobody closed the connection: the server stands still, or something between loses what is sent.',
  ],
  [/Unknown RESP type|Protocol error/, 'What answers there is no Redis. Check host and port.'],
];

const adviceOn = (seen: string): string | undefined =>
  KNOWN.find(([pattern]) => pattern.test(seen))?.[1];

interface Detailed extends Error {
  readonly code?: unknown;
  /** Of a cluster that could not be asked: why its last node could not. */
  readonly lastNodeError?: unknown;
  /** Of a refusal: what was asked, with its arguments. */
  readonly command?: { readonly name?: string };
}

/**
 * What may be logged and handed on of an error of ioredis: those carry the command that failed, and the
 * arguments of AUTH are a password, those of a commit what somebody wrote.
 */
export const plain = (error: unknown): Error => {
  if (!(error instanceof Error)) return new Error('Unknown failure.');
  const { name, message, stack, code, lastNodeError } = error as Detailed;
  const copy = new Error(lastNodeError instanceof Error ? lastNodeError.message : message);
  copy.name = name;
  if (stack !== undefined) copy.stack = stack;
  return typeof code === 'string' ? Object.assign(copy, { code }) : copy;
};

/** Whether the server refused to go to the client’s database: whatever follows would go to another. */
export const isWrongDatabase = (error: Error): boolean =>
  (error as Detailed).command?.name === 'select';

/** What to do about a connection that fails, in a sentence; `undefined` where nothing is known of it. */
export const troubleOf = (error: Error): string | undefined => {
  if (isWrongDatabase(error)) {
    return 'The server did not go to the client’s database: there is none of that number, the user may not, or it is part of a cluster. Check the option db.';
  }
  return adviceOn(plain(error).message);
};

/** A failure of the server or its connection, as callers may know it. */
export const unavailable = (cause: unknown): PresenceError => {
  if (cause instanceof PresenceError) return cause;
  const seen = plain(cause);
  const advice = adviceOn(seen.message) ?? 'The server did not answer.';
  return new PresenceError('store_unavailable', `[presence/redis] ${advice}`, {
    cause: seen,
    retryAfterMs: RETRY_AFTER_MS,
  });
};

/** @param trouble what is known to be wrong with the connection */
export const tooLate = (deadlineMs: number, trouble?: string): PresenceError =>
  new PresenceError(
    'store_unavailable',
    `[presence/redis] The server did not answer within ${deadlineMs} ms.${trouble ? ` ${trouble}` : ''}`,
    { retryAfterMs: RETRY_AFTER_MS },
  );

export const closed = (): PresenceError =>
  new PresenceError(
    'store_unavailable',
    '[presence/redis] The store is closed: it was called after close(). Close the engine before its store.',
  );
