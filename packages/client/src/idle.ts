import type { Cancel, Clock } from '@presence/core';
import type { IdleState } from './types.ts';

export interface IdleEvents {
  /** What the server has to hear: `null` while active, else for how long there was no input. */
  report(idleMs: number | null): void;
  changed(state: IdleState): void;
}

/** Decides by timestamps whether there was input lately: timers may be late by hours. */
export interface Idle {
  input(): void;
  /** The policy arrived with the welcome. */
  setAwayAfter(awayAfterMs: number): void;
  /** `null` while active. */
  idleMs(): number | null;
  stop(): void;
}

/**
 * @param alwaysActive there is no source of activity: the client counts as active all the time
 * @param inputAt the last known input in any tab
 * @param first what is shown already: whoever takes over goes on with it
 */
export const createIdle = (
  clock: Clock,
  events: IdleEvents,
  alwaysActive: boolean,
  inputAt: number,
  first: IdleState,
): Idle => {
  let awayAfterMs = 300_000;
  let reportedAt = clock.now();
  let state = first;
  let cancel: Cancel | undefined;

  const turn = (idle: boolean): void => {
    state = Object.freeze({ idle, since: inputAt });
    events.changed(state);
  };
  const report = (): void => {
    reportedAt = clock.now();
    events.report(state.idle ? reportedAt - inputAt : null);
  };
  /** The server takes silence for a frozen page, so activity is repeated while there is input. */
  const check = (): void => {
    const now = clock.now();
    if (alwaysActive) inputAt = now;
    if (!state.idle && now - inputAt >= awayAfterMs) {
      turn(true);
      report();
    } else if (!state.idle && inputAt > reportedAt && now - reportedAt >= awayAfterMs / 2) {
      report();
    }
    schedule();
  };
  const schedule = (): void => {
    cancel?.();
    if (state.idle) return;
    const now = clock.now();
    const idleInMs = inputAt + awayAfterMs - now;
    const repeatInMs = reportedAt + awayAfterMs / 2 - now;
    cancel = clock.after(repeatInMs > 0 ? Math.min(idleInMs, repeatInMs) : idleInMs, check);
  };
  if (state.idle && inputAt > state.since) turn(false);
  schedule();

  return {
    input() {
      inputAt = clock.now();
      if (state.idle) {
        turn(false);
        report();
        schedule();
      } else if (inputAt - reportedAt >= awayAfterMs / 2) {
        report();
        schedule();
      }
    },
    setAwayAfter(ms) {
      awayAfterMs = ms;
      check();
    },
    idleMs: () => (state.idle ? Math.round(clock.now() - inputAt) : null),
    stop: () => cancel?.(),
  };
};
