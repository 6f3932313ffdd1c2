import type { Cancel, Clock, Instant } from '@presence/core';
import type { Engine, Part } from './engine/types.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { Logger } from './types.ts';

interface ReaperParts {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly everyMs: number;
  /** More is due than a page: it will take a while until everybody's change is committed and told. */
  onCrowd?(): void;
  /** Once in each round, when everything due is committed. Never rejects. */
  onTurn?(at: Instant): Promise<void> | undefined;
  /** Between two pages: memory and SQLite answer before anybody else has a turn. Default: nobody waits for one. */
  giveWay?(): Promise<void>;
}

/** One reaper of a node. */
export interface Reaper {
  /**
   * Commits everything that is due now, but for what it cannot settle; the number of users that went offline by it.
   */
  reap(): Promise<number>;
  /** No more rounds, and no page of one under way behind the one that it is at. */
  stop(): void;
}

interface Reaped {
  readonly wentOffline: number;
  readonly at: Instant;
}

/** A page; others read between two. */
const PAGE = 200;

/** Most pages in one round: a store that says `more` for ever must not keep a node busy for ever. */
const MOST_PAGES = 100_000;

/** Pages one after the other of which nobody was settled: others were faster each time, or it cannot be done. */
const MOST_IN_VAIN = 10;

/** Settles a crowd. Once it is to stop, no page begins. */
const createCrowd = (
  { engine, giveWay }: Pick<ReaperParts, 'engine' | 'giveWay'>,
  isStopped: () => boolean,
) => {
  /** Page after page. */
  const pagesOf = async (part: Part, since: Instant): Promise<Reaped> => {
    let at = since;
    let wentOffline = 0;
    let inVain = 0;
    for (let page = 0; page <= MOST_PAGES && inVain < MOST_IN_VAIN; page += 1) {
      await giveWay?.();
      if (isStopped()) break;
      const reaped = await engine.reap(PAGE, part);
      at = reaped.at;
      wentOffline += reaped.wentOffline;
      inVain = reaped.settled > 0 ? 0 : inVain + 1;
      if (!reaped.more) break;
    }
    return { wentOffline, at };
  };

  /** Several pages at once, far from each other: who meets in the same records waits, and has nothing to do then. */
  return async (since: Instant): Promise<Reaped> => {
    const of = engine.reapers;
    const parts = Array.from({ length: of }, (_, index) => pagesOf({ index, of }, since));
    const outcomes = await Promise.allSettled(parts);
    const reaped = outcomes.map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    });
    return {
      wentOffline: reaped.reduce((sum, each) => sum + each.wentOffline, 0),
      at: Math.max(...reaped.map(({ at }) => at)),
    };
  };
};

/**
 * Commits what time has changed and writes the store's pulse. Readers do not wait for it: they
 * settle for themselves and see the same.
 */
export const createReaper = (parts: ReaperParts): Reaper => {
  const { engine, clock, logger, everyMs, onCrowd, onTurn } = parts;
  let isCrowd = false;
  let isStopped = false;
  const crowd = createCrowd(parts, () => isStopped);

  /** Once for each crowd: they are settled by reading, and reading once settles all who ended together. */
  const noteCrowd = (more: boolean): void => {
    if (more && !isCrowd) onCrowd?.();
    isCrowd = more;
  };

  const reapAll = async (): Promise<number> => {
    const first = await engine.reap(PAGE);
    noteCrowd(first.more);
    const rest = first.more ? await crowd(first.at) : { wentOffline: 0, at: first.at };
    if (!isStopped) await onTurn?.(rest.at);
    return first.wentOffline + rest.wentOffline;
  };

  const reap = oneAtATime(reapAll);

  const tick = (): void => {
    reap().catch((error: unknown) => {
      logger.warn({ err: error }, '[presence/reaper] Reaping failed; the next round tries again.');
    });
  };

  const cancel: Cancel = clock.every(everyMs, tick);
  tick();
  return {
    reap,
    stop: () => {
      isStopped = true;
      cancel();
    },
  };
};
