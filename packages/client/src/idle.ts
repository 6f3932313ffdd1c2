import type { Timers, Timing } from './timers.ts';
import type { IdleState } from './types.ts';

/** Decides by timestamps whether there was input lately: timers may be late by hours. */
export interface Idle {
  noteInput(): void;
  /** The policy arrived with the welcome. */
  setAwayAfter(awayAfterMs: number): void;
  /** For how long there was no input; `undefined` while active. */
  idleForMs(): number | undefined;
}

/**
 * @param report the server has to hear of the present state
 * @param alwaysActive there is no source of activity: the client counts as active all the time
 * @param inputAt the last known input in any tab
 * @param state what is shown already: whoever takes over goes on with it
 */
export const createIdle = (
  clock: Timing,
  timers: Timers,
  report: () => void,
  changed: (state: IdleState) => void,
  alwaysActive: boolean,
  inputAt: number,
  state: IdleState,
): Idle => {
  let awayAfterMs = 300_000;
  let reportedAt = clock.now();

  const turn = (idle: boolean): void => {
    state = { idle, since: inputAt };
    changed(state);
  };
  /** The server takes silence for a frozen page, so activity is repeated while there is input. */
  const check = (input = alwaysActive): void => {
    const now = clock.now();
    if (input) inputAt = now;
    const turns = state.idle === now - inputAt < awayAfterMs;
    if (turns) turn(!state.idle);
    if (turns || (!state.idle && inputAt > reportedAt && now - reportedAt >= awayAfterMs / 2)) {
      reportedAt = now;
      report();
    }
    schedule();
  };
  const schedule = (): void => {
    timers.cancel('idle');
    if (state.idle) return;
    const now = clock.now();
    const repeatInMs = reportedAt + awayAfterMs / 2 - now;
    const idleInMs = inputAt + awayAfterMs - now;
    const checkInMs = repeatInMs > 0 ? Math.min(idleInMs, repeatInMs) : idleInMs;
    timers.after(checkInMs, check, 'idle');
  };
  if (state.idle && inputAt > state.since) turn(false);
  schedule();

  return {
    noteInput: () => check(true),
    setAwayAfter(ms) {
      awayAfterMs = ms;
      check();
    },
    idleForMs: () => (state.idle ? Math.round(clock.now() - inputAt) : undefined),
  };
};
