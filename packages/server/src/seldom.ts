import type { Clock } from '@presence/core';

const QUIET_MS = 10_000;

/**
 * What goes wrong for thousands at once, when a store does not answer, is said at once and then at
 * most once in ten seconds, with how many were `unsaid` since: a log that grows by the connection
 * is an outage of its own.
 */
export const seldom = <Said>(
  clock: Pick<Clock, 'now'>,
  say: (what: Said, unsaid: number) => void,
): ((what: Said) => void) => {
  let saidAt = -Infinity;
  let unsaid = 0;
  return (what) => {
    const now = clock.now();
    // A clock that was set back must not silence it for long.
    if (now >= saidAt && now - saidAt < QUIET_MS) {
      unsaid += 1;
      return;
    }
    say(what, unsaid);
    saidAt = now;
    unsaid = 0;
  };
};
