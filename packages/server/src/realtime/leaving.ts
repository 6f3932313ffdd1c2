import type { Node } from '../context.ts';
import type { Held } from './held.ts';
import type { LiveTime } from './live-time.ts';
import { createWheel } from './wheel.ts';

/** A leave that the store did not take is tried again after so long, until it does. */
const RETRY_MS = 1000;

/**
 * Ends sessions whose link is gone. Through the grace nothing is stored: the session stays on this
 * node's lease, and coming back finds it as it was.
 */
export interface Leaving {
  /** Ends the session after `graceMs`, unless it is kept. */
  after(held: Held, graceMs: number): void;
  /** It came back, or is over anyway. */
  cancel(held: Held): void;
  now(held: Held): Promise<void>;
  /** Whether its end is on its way into the store, or is tried again. */
  isUnderWay(held: Held): boolean;
  /** The store did not say whether the session was opened: looks later, and ends it if it was. */
  unlessHeld(held: Held): void;
  /** From now on nobody leaves: the node drains, and its lease decides. */
  stop(): void;
  readonly size: number;
}

interface Parts {
  readonly node: Node;
  readonly time: LiveTime;
  isHeld(held: Held): boolean;
  onLeft(held: Held): void;
}

export const createLeaving = ({ node, time, isHeld, onLeft }: Parts): Leaving => {
  const { engine, options } = node;
  const { logger } = options;

  const underWay = new Set<Held>();

  const now: Leaving['now'] = async (held) => {
    const { key, sessionId, generation, leaveCause: cause } = held;
    underWay.add(held);
    await engine.execute(key, { type: 'leave', sessionId, generation, graceMs: 0, cause });
    onLeft(held);
    underWay.delete(held);
  };

  /** Which generation an uncertain commit gave, if it was made; 0 where there is nothing to end. */
  const findGeneration = async (held: Held): Promise<number> => {
    const { record } = await engine.read(held.key);
    const session = record?.sessions.find(({ id }) => id === held.sessionId);
    if (session?.lease !== node.nodeLease.latest()) return 0;
    held.generation = session.generation;
    return isHeld(held) ? 0 : session.generation;
  };

  const leave = async (held: Held): Promise<void> => {
    try {
      if (held.generation === 0 && (await findGeneration(held)) === 0) return;
      await now(held);
    } catch (error) {
      logger.warn({ err: error }, '[presence/realtime] A session could not be ended yet.');
      if (!node.isDraining()) wheel.set(held, time.now() + RETRY_MS);
    }
  };

  const wheel = createWheel<Held>(time, (held) => {
    if (!node.isDraining()) void leave(held);
  });

  return {
    after: (held, graceMs) => wheel.set(held, time.now() + graceMs),
    cancel: (held) => {
      underWay.delete(held);
      wheel.cancel(held);
    },
    now,
    isUnderWay: (held) => underWay.has(held),
    unlessHeld: (held) => {
      held.link = null;
      wheel.set(held, time.now() + held.hub.policy.grace.lostMs);
    },
    stop: wheel.stop,
    get size() {
      return wheel.size;
    },
  };
};
