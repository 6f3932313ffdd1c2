import {
  isInRoom,
  isMember,
  PresenceError,
  type Cancel,
  type Instant,
  type Key,
  type PresenceRecord,
} from '@presence/core';
import type { ResolvedOptions } from '../context.ts';
import type { Feed } from '../feed.ts';
import { perMinute } from '../security/rate-limit.ts';
import type { PresenceStore } from '../stores/store.ts';
import { createTypists, type TypingListener, type TypistLeft, type Typists } from './typists.ts';

/** Who is typing where. Nothing of it is stored: it travels as signals, and each node forgets it in time. */
export interface Typing {
  /**
   * Tells every node that the user types in the room, or stopped. Says nothing of somebody whom others
   * do not see there.
   *
   * @param record the user's own, as read just now
   * @throws PresenceError `rate_limited`; `not_found` where the session is not in the room
   */
  say(speaker: Speaker, room: string, state: boolean): Promise<void>;
  /** Who types in a room, as far as this node has heard; it hears from the first question on. */
  in(tenant: string, room: string): Promise<readonly TypistLeft[]>;
  /** The same at once, where this node listens. */
  heard(tenant: string, room: string): readonly TypistLeft[];
  /** Tells of each who begins, goes on or stops, from then on. Resolves when nothing is missed. */
  listen(tenant: string, listener: TypingListener): Promise<Cancel>;
  /** Frees what is over, and stops listening for tenants of whom nobody asked lately. */
  sweep(): void;
}

/** A session that says something, with its user as they are. */
interface Speaker {
  readonly key: Key;
  readonly sessionId: string;
  readonly record: PresenceRecord | null;
}

interface Parts {
  readonly options: Pick<ResolvedOptions, 'clock' | 'limits' | 'policyOf'>;
  readonly store: Pick<PresenceStore, 'signal'>;
  readonly feed: Feed;
}

/** A signal of this module; a store's signals are of several kinds. */
interface TypingSignal {
  readonly type: 'typing';
  readonly room: string;
  readonly userId: string;
  /** 0: stopped. */
  readonly forMs: number;
}

const isTypingSignal = (message: unknown): message is TypingSignal => {
  const { type, room, userId, forMs } = (message ?? {}) as Partial<Record<string, unknown>>;
  return (
    type === 'typing' &&
    typeof room === 'string' &&
    typeof userId === 'string' &&
    typeof forMs === 'number'
  );
};

/** Nobody asked for so long: this node stops listening for a tenant whose rooms are only polled. */
const ASKED_FOR_MS = 60_000;

/** One tenant's typists, with their feed. */
interface Tenant {
  readonly typists: Typists;
  readonly ready: Promise<Cancel>;
  askedAt: Instant;
  listeners: number;
}

const createTenants = ({ options: { clock }, feed }: Parts) => {
  const tenants = new Map<string, Tenant>();

  const shut = (name: string, tenant: Tenant): void => {
    if (tenants.get(name) === tenant) tenants.delete(name);
    void tenant.ready.then((cancel) => cancel()).catch(() => undefined);
  };

  const isUnused = ({ listeners, askedAt }: Tenant): boolean =>
    listeners === 0 && clock.now() - askedAt >= ASKED_FOR_MS;

  const sweep = (): void => {
    for (const [name, tenant] of tenants) {
      tenant.typists.expire();
      if (isUnused(tenant)) shut(name, tenant);
    }
  };

  const open = (name: string): Tenant => {
    const typists = createTypists(clock);
    const ready = feed.listen(name, {
      change: ({ key, record }) => typists.seen(key.userId, record),
      gap: () => undefined,
      signal: (message) => {
        if (isTypingSignal(message)) typists.heard(message.room, message.userId, message.forMs);
      },
    });
    const tenant: Tenant = { typists, ready, askedAt: clock.now(), listeners: 0 };
    tenants.set(name, tenant);
    ready.catch(() => {
      if (tenants.get(name) === tenant) tenants.delete(name);
    });
    return tenant;
  };

  return {
    known: (name: string): Tenant | undefined => tenants.get(name),
    of: (name: string): Tenant => tenants.get(name) ?? open(name),
    sweep,
  };
};

const checkIsIn = ({ record, sessionId }: Speaker, room: string): void => {
  const session = record?.sessions.find(({ id }) => id === sessionId);
  if (session && isInRoom(session, room)) return;
  throw new PresenceError('not_found', 'This session is not in the room. Join it first.');
};

export const createTyping = (parts: Parts): Typing => {
  const { options, store } = parts;
  const { clock, limits, policyOf } = options;
  const rate = perMinute(limits.typingPerMinute, clock);
  const tenants = createTenants(parts);

  const checkRate = ({ key: { tenant, userId }, sessionId }: Speaker): void => {
    // Ids hold no control characters, so the texts of two sessions are never the same.
    const retryAfterMs = rate.take(`${tenant}\n${userId}\n${sessionId}`);
    if (retryAfterMs === null) return;
    throw new PresenceError('rate_limited', 'Typing is told too often. Wait before the next one.', {
      retryAfterMs,
    });
  };

  return {
    say: async (speaker, room, state) => {
      checkRate(speaker);
      checkIsIn(speaker, room);
      const { key, record } = speaker;
      if (!isMember(record, room)) return;
      const { tenant, userId } = key;
      const forMs = state ? policyOf(tenant).typingMs : 0;
      const signal: TypingSignal = { type: 'typing', room, userId, forMs };
      await store.signal(tenant, signal);
    },
    in: async (name, room) => {
      const tenant = tenants.of(name);
      tenant.askedAt = clock.now();
      await tenant.ready;
      return tenant.typists.in(room);
    },
    heard: (name, room) => tenants.known(name)?.typists.in(room) ?? [],
    listen: async (name, listener) => {
      const tenant = tenants.of(name);
      tenant.listeners += 1;
      const cancel = tenant.typists.listen(listener);
      const stop = (): void => {
        cancel();
        tenant.listeners -= 1;
      };
      try {
        await tenant.ready;
      } catch (error) {
        stop();
        throw error;
      }
      return stop;
    },
    sweep: tenants.sweep,
  };
};
