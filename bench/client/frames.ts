// What a server says to a client, ready to be sent.
import type { ClientPolicy } from '@presence/core/protocol';

const PEOPLE = 10_000;
/** Changes in a frame. */
export const BATCH = 100;
const STATUSES = ['online', 'away', 'busy', 'dnd'] as const;
const START = 1_700_000_000_000;

const userOf = (index: number): string => `user-${String(index).padStart(5, '0')}`;

/** The change number `number` of all that are measured: another user each time, and another status for each of them. */
export const changeOf = (number: number) => ({
  userId: userOf((number * 7919) % PEOPLE),
  status: STATUSES[(number + Math.floor(number / PEOPLE)) % STATUSES.length] ?? 'online',
  version: START + number + 1,
});

const policy: ClientPolicy = {
  awayAfterMs: 300_000,
  offlineAfterIdleMs: 1_800_000,
  heartbeatMs: 30_000,
  hiddenHeartbeatMs: 60_000,
  pingMs: 25_000,
  pongTimeoutMs: 20_000,
  staleAfterMs: 60_000,
};

const welcome = JSON.stringify({
  type: 'welcome',
  sessionId: 'session',
  userId: 'me',
  policy,
  leaveToken: 'token',
  asOf: START,
});

const snapshot = JSON.stringify({
  type: 'snapshot',
  watch: 'online',
  presences: Array.from({ length: PEOPLE }, (_, index) => [userOf(index), 'online', START]),
  asOf: START,
});

/** A frame with the changes from `first` on. */
export const frameOf = (first: number): string => {
  const presences = Array.from({ length: BATCH }, (_, index) => {
    const { userId, status, version } = changeOf(first + index);
    return [userId, status, version];
  });
  return JSON.stringify({ type: 'changes', presences, asOf: START + first + BATCH });
};

/** The answers to what a client says. */
export const answersTo = (text: string): readonly string[] => {
  const { type, ref } = JSON.parse(text) as { readonly type: string; readonly ref?: number };
  if (type === 'hello') return [welcome];
  if (type === 'watch') return [snapshot];
  return ref === undefined ? [] : [JSON.stringify({ type: 'ack', ref })];
};

/** For a ticket: the one request that a client makes. */
export const ticketFetch: typeof fetch = () =>
  Promise.resolve(Response.json({ ticket: 'ticket', expiresInMs: 10_000 }));
