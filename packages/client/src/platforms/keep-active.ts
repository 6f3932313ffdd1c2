import type { Cancel } from '@presence/core';
import type { Timing } from '../timers.ts';

/** Well below any policy's `awayAfterMs`, so that nobody who is there flaps. */
const REPEAT_MS = 5000;

/** Input now, and again and again until the returned function is called. */
export const keepActive = (onInput: () => void, clock: Timing): Cancel => {
  let cancel: Cancel;
  const say = (): void => {
    cancel = clock.after(REPEAT_MS, say);
    onInput();
  };
  say();
  return () => cancel();
};
