import { isPresenceError, kindOf } from '@presence/core';
import type { ActivityFrame } from '@presence/core/protocol';
import type { Node } from '../context.ts';
import type { Held } from './held.ts';
import type { LiveTime } from './live-time.ts';

/** Whether there is input, as clients say and as their silence says. */
export interface Activity {
  /** Stores it if it is news; somebody who stays active costs the store nothing. */
  heard(held: Held, frame: ActivityFrame): Promise<void>;
  /** Nothing was heard of input for too long: a page that is frozen says nothing at all. */
  silent(held: Held): void;
  /** When {@link Activity.silent} is called for, in live time; `Infinity` while idle. */
  silentAt(held: Held): number;
}

/** Beyond `awayAfterMs`, in which a client repeats that it is active, for what may hold it up. */
const SILENCE_MS = 60_000;

/** An idle instant that moved by less is the same one: clients round, networks wait. */
const SAME_IDLE_MS = 10_000;

const RETRY_MS = 1000;

const isSameIdle = (a: number | null, b: number | null): boolean =>
  a === b || (a !== null && b !== null && Math.abs(a - b) < SAME_IDLE_MS);

export const createActivity = (node: Node, time: LiveTime): Activity => {
  const { engine, options } = node;

  /** Brings the store up to what the client said last; one command at a time for each session. */
  const storeActivity = async (held: Held): Promise<void> => {
    if (held.isStoring) return;
    held.isStoring = true;
    try {
      while (!isSameIdle(held.idleAt, held.storedIdleAt)) {
        const { key, sessionId, generation, idleAt } = held;
        await engine.execute(key, () => ({
          type: 'activity',
          sessionId,
          generation,
          idleMs: idleAt === null ? null : Math.max(0, time.now() - idleAt),
        }));
        held.storedIdleAt = idleAt;
      }
    } finally {
      held.isStoring = false;
    }
  };

  /** Nobody waits for an answer: the state is stored as soon as the store takes it. */
  const storeSoon = (held: Held): void => {
    storeActivity(held).catch((error: unknown) => {
      const isRefused = isPresenceError(error) && kindOf(error).closeCode > 0;
      if (isRefused || held.link === null) return;
      options.clock.after(RETRY_MS, () => {
        if (held.link !== null) storeSoon(held);
      });
    });
  };

  return {
    heard: async (held, { state, idleMs }) => {
      const now = time.now();
      if (state === 'active') held.activeAt = now;
      const idleAt = state === 'active' ? null : now - (idleMs ?? 0);
      if (!isSameIdle(held.idleAt, idleAt)) held.idleAt = idleAt;
      try {
        await storeActivity(held);
      } catch (error) {
        if (!isPresenceError(error) || kindOf(error).closeCode === 0) storeSoon(held);
        throw error;
      }
    },
    silent: (held) => {
      if (held.idleAt !== null) return;
      held.idleAt = held.activeAt;
      storeSoon(held);
    },
    silentAt: (held) =>
      held.idleAt === null ? held.activeAt + held.hub.policy.awayAfterMs + SILENCE_MS : Infinity,
  };
};
