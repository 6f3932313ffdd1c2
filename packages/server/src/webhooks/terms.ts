import type { Clock } from '@presence/core';
import type { Outbox } from './outbox.ts';

/** For how long one node alone tells for a hook, unless it says so again. */
const OWNED_MS = 15_000;
/** Said again when so much of it is over. */
const SAY_AGAIN_MS = 5000;
const ENROLL_AGAIN_MS = 3_600_000;

/** A time in which this node alone tells for a hook. */
export interface Term {
  readonly number: number;
  /** By this process's clock, counted from before it asked. */
  isOurs(): boolean;
}

interface Parts {
  readonly outbox: Outbox;
  readonly name: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly owner: string;
  /** For how long commits write for the hook while no node has it. */
  readonly keptMs: number;
}

export interface Terms {
  /** Resolves when commits write for the hook. */
  readonly enrolled: Promise<void>;
  /** Takes the hook, or keeps it; `null`: another node has it. */
  keep(): Promise<Term | null>;
  /** Lets another node take it at once. */
  leave(): Promise<void>;
}

export const createTerms = ({ outbox, name, clock, owner, keptMs }: Parts): Terms => {
  let announce = (): void => undefined;
  const enrolled = new Promise<void>((resolve) => (announce = resolve));
  let enrolledAt = -Infinity;
  let saidAt = -Infinity;
  let until = -Infinity;
  let term: Term | null = null;

  const enroll = async (): Promise<void> => {
    const now = clock.now();
    if (now - enrolledAt < ENROLL_AGAIN_MS) return;
    await outbox.enroll(name, keptMs);
    enrolledAt = now;
    announce();
  };

  /** A term that ended is over, also where the same node begins the next one. */
  const begin = (number: number): Term => ({
    number,
    isOurs: () => term?.number === number && clock.now() < until,
  });

  return {
    enrolled,
    keep: async () => {
      await enroll();
      const now = clock.now();
      if (term?.isOurs() && now - saidAt < SAY_AGAIN_MS) return term;
      const wasOurs = term?.isOurs() === true;
      if (!(await outbox.take(name, owner, OWNED_MS))) {
        term = wasOurs ? begin((term?.number ?? 0) + 1) : term;
        until = -Infinity;
        return null;
      }
      saidAt = now;
      until = now + OWNED_MS;
      if (!wasOurs) term = begin((term?.number ?? 0) + 1);
      return term;
    },
    leave: async () => {
      if (!term?.isOurs()) return;
      until = -Infinity;
      await outbox.leave(name, owner);
    },
  };
};
