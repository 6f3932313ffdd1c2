import type { Cancel } from '@presence/core';
import { listen } from './listen.ts';
import type { Timing } from './timers.ts';
import type { ActivitySource } from './types.ts';

/**
 * Input by a person. `scroll` is not among them: pages scroll themselves, when a message arrives
 * say; a person scrolls by wheel, touch, pointer or key.
 */
const INPUT = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart', 'touchmove'];
const REST_MS = 1000;
const OPTIONS = { passive: true, capture: true };

/**
 * Input and visibility of the page. A listener on `pointermove` costs each event, so all of them go
 * with the first input and come back a second later.
 */
export const createDomActivity = (clock: Timing, page: Document): ActivitySource => ({
  start(onInput) {
    let rest: Cancel = () => {};
    const arm = (armed: boolean): void => {
      const set = armed ? 'addEventListener' : 'removeEventListener';
      for (const type of INPUT) page[set](type, heard, OPTIONS);
    };
    const heard = (): void => {
      arm(false);
      rest = clock.after(REST_MS, () => arm(true));
      onInput();
    };
    arm(true);
    return () => {
      rest();
      arm(false);
    };
  },
  isHidden: () => page.visibilityState === 'hidden',
  onVisibility: (listener) => listen(page, 'visibilitychange', listener),
});

const nothing = (): void => {};

/** For platforms without a page: always active, never hidden. */
export const noActivity: ActivitySource = {
  start: () => nothing,
  isHidden: () => false,
  onVisibility: () => nothing,
};
