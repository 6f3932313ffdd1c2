import type { Cancel, Instant } from '@presence/core';
import { webSocketTransport, type PresenceClientOptions } from '@presence/client';
import { systemClock } from '../system-clock.ts';
import type { PresenceClock } from '../ticker.ts';
import { describeFrame, type Fields } from './describe-frame.ts';
import { explainer, type Explained } from './explainer.ts';
import { tapFetch, type Tap } from './tapped-fetch.ts';
import { tapTransport } from './tapped-transport.ts';

/** One line of what passed. No texts of users, no tokens. */
export interface RecordedFrame {
  /** Counts up from 1. */
  readonly number: number;
  readonly at: Instant;
  readonly way: 'in' | 'out';
  readonly type: string;
  readonly about: string;
}

export interface RecordedSession {
  readonly sessionId: string;
  readonly userId: string;
  /** Over HTTP: how long the session lives without a beat, and when the next one was promised. */
  readonly leaseMs?: number;
  readonly nextBeatAt?: Instant;
  /** Over a socket or stream: how often the server asks whether the link is alive. */
  readonly pingMs?: number;
}

/** What is watched on the wire: by its name, a room, everybody, or so many users. */
export interface RecordedWatch {
  readonly id: string;
  readonly what: string;
  readonly users: number | null;
}

export interface Recorded {
  readonly session: RecordedSession | null;
  readonly watches: readonly RecordedWatch[];
  /** The last hundred, the oldest first. */
  readonly frames: readonly RecordedFrame[];
}

export interface Recording {
  /** The options to make the client with: the same, but that what passes is written down. */
  options<Options extends PresenceClientOptions>(options: Options): Options;
  read(): Recorded;
  /** Forgets the frames. */
  clear(): void;
  subscribe(listener: () => void): Cancel;
  /** Why somebody is what they are; where the server has admin routes and this user may ask them. */
  explain(userId: string): Promise<Explained>;
}

const MOST_FRAMES = 100;

const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : undefined;

/** Follows what a connection watches by what is said on it. */
const createWatches = () => {
  const watches = new Map<string, { readonly what: string; readonly users: Set<unknown> | null }>();
  return {
    follow({ type, id, room, tenant, add, remove }: Fields): void {
      if (type === 'hello') watches.clear();
      if (type === 'unwatch') watches.delete(String(id));
      if (type !== 'watch') return;
      const whole = tenant ? 'everybody' : 'users';
      const what = typeof room === 'string' ? `room ${room}` : whole;
      const held = watches.get(String(id)) ?? {
        what,
        users: what === 'users' ? new Set<unknown>() : null,
      };
      watches.set(String(id), held);
      for (const userId of Array.isArray(add) ? add : []) held.users?.add(userId);
      for (const userId of Array.isArray(remove) ? remove : []) held.users?.delete(userId);
    },
    read: (): RecordedWatch[] =>
      [...watches].map(([id, { what, users }]) => ({ id, what, users: users?.size ?? null })),
  };
};

const sessionOf = (said: Fields, before: RecordedSession | null, at: Instant): RecordedSession => {
  const { policy, nextBeatMs, leaseMs } = said;
  const pingMs = numberOf((policy as Fields | undefined)?.['pingMs']) ?? before?.pingMs;
  const beatMs = numberOf(nextBeatMs);
  const heldMs = numberOf(leaseMs);
  return {
    sessionId: String(said['sessionId']),
    userId: String(said['userId']),
    ...(heldMs === undefined ? pingMs !== undefined && { pingMs } : { leaseMs: heldMs }),
    ...(beatMs !== undefined && { nextBeatAt: at + beatMs }),
  };
};

const NOTHING: Recorded = { session: null, watches: [], frames: [] };

/**
 * Writes down what passes between one client and its server, from the first frame on:
 * `createPresenceClient(recording.options({ url: '/presence' }))`.
 */
export const createRecording = ({
  clock = systemClock,
}: { readonly clock?: PresenceClock } = {}): Recording => {
  const listeners = new Set<{ readonly listener: () => void }>();
  const watches = createWatches();
  let recorded = NOTHING;
  let explain: Recording['explain'] = explainer('', undefined);
  let number = 0;

  const change = (next: Partial<Recorded>): void => {
    recorded = { ...recorded, ...next };
    for (const { listener } of Array.from(listeners)) listener();
  };
  const add = (way: 'in' | 'out', type: string, about: string, more?: Partial<Recorded>): void => {
    const frame = { number: (number += 1), at: clock.now(), way, type, about };
    change({ ...more, frames: [...recorded.frames.slice(1 - MOST_FRAMES), frame] });
  };
  const learn = (said: Fields): Partial<Recorded> => ({
    session: sessionOf(said, recorded.session, clock.now()),
  });
  const tap: Tap = {
    frame(way, frame) {
      if (way === 'out') watches.follow(frame);
      const more = frame['type'] === 'welcome' ? learn(frame) : {};
      add(way, String(frame['type']), describeFrame(frame), { ...more, watches: watches.read() });
    },
    answer: (method, path, status) => add('in', `${method} ${path}`, String(status || 'no answer')),
    beat: (answer) => change(learn(answer)),
  };

  return {
    options(options) {
      const url = options.url.replace(/\/$/, '');
      const send = options.fetch ?? ((...asked: Parameters<typeof fetch>) => fetch(...asked));
      explain = explainer(url, send);
      const transport = options.testing?.transport ?? options.sockets ?? webSocketTransport;
      return {
        ...options,
        fetch: tapFetch(send, url, tap),
        testing: { ...options.testing, transport: tapTransport(transport, tap) },
      };
    },
    read: () => recorded,
    clear: () => change({ frames: [] }),
    subscribe(listener) {
      const entry = { listener };
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    explain: (userId) => explain(userId),
  };
};
