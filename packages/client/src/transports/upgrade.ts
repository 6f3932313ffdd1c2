import type { Timers } from '../timers.ts';
import type { LinkContext, OpenLink, PresenceLink } from './presence-link.ts';

/** How often a client tries whether a better way to the server gets through. */
const UPGRADE_MS = 180_000;

export interface Upgrade {
  /** Tries in a while. @param id of the session, once it is known */
  later(id?: string): void;
  /** Tries now. */
  upgrade(): void;
  /**
   * The link that is to be replaced has ended; by the try that is under way, perhaps. `ended` is told
   * unless that gets through.
   */
  unlessUnderWay(ended: () => void): void;
  stop(): void;
}

/**
 * Tries now and then whether another way gets through, which then takes the place of the link.
 *
 * @param ways tried in turn
 * @param finish ends the link that is replaced
 */
export const createUpgrade = (
  context: LinkContext,
  createTimers: (clock: LinkContext['clock']) => Timers,
  ways: readonly OpenLink[],
  finish: () => void,
): Upgrade => {
  const { clock, timers, random } = context;
  let sessionId: string | undefined;
  let tried = 0;
  let next: PresenceLink | undefined;
  let ended: (() => void) | undefined;

  const later = (id = sessionId): void => {
    sessionId = id;
    timers.after(UPGRADE_MS * (0.5 + random.next()), upgrade, 'upgrade');
  };
  const upgrade = (): void => {
    const way = ways[tried % ways.length];
    if (!way) return;
    tried += 1;
    let done = false;
    next?.close();
    const link = way({
      ...context,
      sessionId,
      timers: createTimers(clock),
      opened(said, carrier, other = link) {
        done = true;
        next = undefined;
        finish();
        context.opened(said, carrier, other);
      },
      lost(...how) {
        if (done) return context.lost(...how);
        next = undefined;
        if (ended) ended();
        else later();
      },
    });
    next = link;
  };
  return {
    later,
    upgrade,
    unlessUnderWay(told) {
      if (next) ended = told;
      else told();
    },
    stop: () => next?.close(),
  };
};
