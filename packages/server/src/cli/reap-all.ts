import type { Clock } from '@presence/core';
import type { Engine } from '../engine/types.ts';
import { createReaper } from '../reaper.ts';
import { AMNESTY_MS, PULSE_OLD_MS, type PresenceStore } from '../stores/store.ts';
import { SILENT } from './silent.ts';
import { NOBODY } from './target/nobody.ts';

interface Reaping {
  readonly store: PresenceStore;
  readonly engine: Engine;
  readonly clock: Clock;
  /** Whether to stay until the amnesty after a stop is over. */
  readonly waits: boolean;
  onWait(ms: number): void;
}

interface Reaped {
  /** How many users went offline by it. */
  readonly reset: number;
  /** Nothing is left that an amnesty of this run kept. */
  readonly isComplete: boolean;
}

/** A little more than the longest amnesty, so that its end has passed in the store too. */
const WAIT_MS = AMNESTY_MS.own + 1000;

/** Often enough that the store is not taken for stopped once more. */
const EVERY_MS = PULSE_OLD_MS / 5;

/**
 * Commits everything that is due. Where no server was there to write the store's pulse, the first look
 * grants everybody of then an amnesty; a run that left at once would find the pulse old again the next
 * night, and nobody would ever be reset. So it stays, and reaps as a server would.
 */
export const reapAll = async (reaping: Reaping): Promise<Reaped> => {
  const { store, engine, clock, waits, onWait } = reaping;
  const { pulseOld: isStopped = false } = await store.load([NOBODY]);
  const reap = (): Promise<number> => {
    const reaper = createReaper({ engine, clock, logger: SILENT, everyMs: EVERY_MS });
    return reaper.reap().finally(reaper.stop);
  };
  let reset = await reap();
  if (!isStopped) return { reset, isComplete: true };
  if (!waits) return { reset, isComplete: false };
  onWait(WAIT_MS);
  for (const end = clock.now() + WAIT_MS; clock.now() < end;) {
    await new Promise<void>((resolve) => {
      clock.after(EVERY_MS, resolve);
    });
    reset += await reap();
  }
  return { reset, isComplete: true };
};
