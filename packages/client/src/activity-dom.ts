import type { Cancel, Clock } from '@presence/core';
import type { ActivitySource } from './types.ts';

/**
 * Input by a person. `scroll` is not among them: pages scroll themselves, when a message arrives
 * say; a person scrolls by wheel, touch, pointer or key.
 */
const INPUT = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart', 'touchmove'];
const REST_MS = 1000;
const OPTIONS = { once: true, passive: true, capture: true };

/**
 * Input and visibility of the page. A listener on `pointermove` costs each event, so all of them go
 * with the first input and come back a second later.
 */
export const createDomActivity = (clock: Clock, page: Document): ActivitySource => ({
  start(onInput) {
    let rest: Cancel = () => {};
    const disarm = (): void => {
      for (const type of INPUT) page.removeEventListener(type, heard, OPTIONS);
    };
    const arm = (): void => {
      for (const type of INPUT) page.addEventListener(type, heard, OPTIONS);
    };
    const heard = (): void => {
      disarm();
      rest = clock.after(REST_MS, arm);
      onInput();
    };
    arm();
    return () => {
      rest();
      disarm();
    };
  },
  isHidden: () => page.visibilityState === 'hidden',
  onVisibility(listener) {
    page.addEventListener('visibilitychange', listener);
    return () => page.removeEventListener('visibilitychange', listener);
  },
});

/** For platforms without a page: always active, never hidden. */
export const noActivity: ActivitySource = {
  start: () => () => {},
  isHidden: () => false,
  onVisibility: () => () => {},
};
