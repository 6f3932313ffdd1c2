import type { Cancel } from '@presence/core';
import { listen } from './listen.ts';
import type { ActivitySource } from './types.ts';
import { REST_MS } from './numbers.ts';

/**
 * Input by a person. `scroll` is not among them: pages scroll themselves, when a message arrives
 * say; a person scrolls by wheel, touch, pointer or key. Each touch begins with `pointerdown`; once
 * it scrolls, only `touchmove` follows.
 */
const INPUT = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchmove'];

/**
 * Input and visibility of the page. A listener on `pointermove` costs each event, so all of them go
 * with the first input and come back a second later.
 */
export const createDomActivity = (page: Document): ActivitySource => ({
  start(onInput, clock) {
    let rest: Cancel;
    const arm = (): void => {
      const cancels = INPUT.map((type) =>
        listen(page, type, () => {
          rest();
          rest = clock.after(REST_MS, arm);
          onInput();
        }),
      );
      rest = () => cancels.forEach((cancel) => cancel());
    };
    arm();
    return () => rest();
  },
  isHidden: () => page.hidden,
  onVisibility: (listener) => listen(page, 'visibilitychange', listener),
});

const nothing = (): void => {};

/** For platforms without a page: always active, never hidden. */
export const noActivity: ActivitySource = {
  start: () => nothing,
  isHidden: () => false,
  onVisibility: () => nothing,
};
