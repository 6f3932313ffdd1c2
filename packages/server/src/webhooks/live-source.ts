import type { Clock } from '@presence/core';
import type { Presence } from '../types.ts';
import type { Desk } from './desk.ts';
import { eventOf } from './event.ts';
import type { Hook } from './hook.ts';
import { createKeptFailures } from './kept-failures.ts';
import type { Source } from './source.ts';
import type { WebhookEvent } from './types.ts';

interface Parts {
  readonly presence: Pick<Presence<never>, 'on'>;
  readonly name: string;
  readonly clock: Pick<Clock, 'now'>;
}

/** How many wait, by tenant. */
const createWaiting = () => {
  const counts = new Map<string, number>();
  return {
    of: (tenant: string): number => counts.get(tenant) ?? 0,
    add: (tenant: string, more: number): void => {
      const now = (counts.get(tenant) ?? 0) + more;
      if (now > 0) counts.set(tenant, now);
      else counts.delete(tenant);
    },
  };
};

/**
 * Hears of this node's commits. What waits, and what was given up, is forgotten with the process: best
 * effort, for stores that keep no outbox.
 */
export const liveSource = ({ presence, name, clock }: Parts): Source => {
  const kept = createKeptFailures();
  const waiting = createWaiting();
  let take: (hook: Hook) => void = () => undefined;
  let stop = (): void => undefined;

  const push = (event: WebhookEvent): void => {
    const { tenant, presence: shown } = event;
    const { userId, version } = shown;
    const hook: Hook = {
      lane: `${tenant}\n${userId}`,
      event,
      tries: 0,
      isTold: false,
      isOurs: () => true,
      over: async (givenUp) => {
        waiting.add(tenant, -1);
        if (!givenUp) return;
        const { reason } = givenUp;
        const { tries } = hook;
        kept.add(event, { hook: name, userId, version, tries, at: clock.now(), reason });
      },
    };
    waiting.add(tenant, 1);
    take(hook);
  };

  const desk: Desk = {
    count: async (tenant) => ({ waiting: waiting.of(tenant), failed: kept.of(tenant).length }),
    failures: async (tenant, limit) => kept.of(tenant).slice(0, limit),
    retry: async (choice) => {
      const events = kept.takeOut(choice);
      for (const event of events) push(event);
      return events.length;
    },
    drop: async (choice) => kept.takeOut(choice).length,
  };

  return {
    delivery: 'best-effort',
    desk,
    start: async (to) => {
      take = to;
      stop = presence.on('change', (change) => push(eventOf(change, clock.now())));
    },
    stop: async () => {
      stop();
      take = () => undefined;
    },
    release: async () => undefined,
  };
};
