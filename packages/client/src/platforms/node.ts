import type { Cancel } from '@presence/core';
import type { ActivitySource } from '../types.ts';
import { keepActive } from './keep-active.ts';

/** An activity source that a program moves by itself. */
export interface ManualActivity extends ActivitySource {
  /**
   * `true`: active until told otherwise. `false`: there is no more input; the session turns idle
   * after the policy's `awayAfterMs`, as a person's does. Telling the same twice does nothing.
   */
  setActive(active: boolean): void;
  /** One input, now: a job was done, a message was answered. */
  noteInput(): void;
}

const nothing = (): void => {};

/**
 * For bots, workers and devices: activity is what the program says. Without a source
 * (`activity: null`, the default where there is no page) a client is active for as long as it runs.
 *
 * @param active whether it begins as active; default `true`
 */
export const createManualActivity = (active = true): ManualActivity => {
  let said = active;
  let begin: (() => void) | undefined;
  let input = nothing;
  let rest: Cancel = nothing;
  return {
    start(onInput, clock) {
      input = onInput;
      begin = () => {
        rest = keepActive(onInput, clock);
      };
      if (said) begin();
      return () => {
        rest();
        begin = undefined;
        rest = input = nothing;
      };
    },
    isHidden: () => false,
    onVisibility: () => nothing,
    noteInput: () => input(),
    setActive(next) {
      if (next === said) return;
      said = next;
      rest();
      rest = nothing;
      if (next) begin?.();
    },
  };
};
