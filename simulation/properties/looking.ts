import type { BrowserUser, Page } from '../clients/browser-user.ts';
import type { Stage } from '../stage.ts';

/** A page that somebody looks at makes sure of its link each minute, one without input each five. */
const STALE_AFTER_MS = 60_000;
const LOOKED_AFTER_MS = 330_000;
const SLACK_MS = 30_000;

/** Nothing that a page shows as known may have been untrue for longer. */
export const MOST_STALE_MS = LOOKED_AFTER_MS + STALE_AFTER_MS + SLACK_MS;

const isRunning = ({ state }: Page, user: BrowserUser): boolean =>
  state === 'shown' && user.state !== 'asleep';

/** In each step the pages that have run for long enough to know how old their data is. */
export const createLooking = ({ actors, world }: Stage) => {
  const runningSince = new WeakMap<Page, number>();
  return (look: (page: Page, user: BrowserUser) => void): void => {
    const at = world.clock.now();
    for (const user of actors) {
      if (user.kind !== 'browser') continue;
      for (const page of user.pages) {
        if (!isRunning(page, user)) runningSince.delete(page);
        else if (!runningSince.has(page)) runningSince.set(page, at);
        if (at - (runningSince.get(page) ?? at) >= MOST_STALE_MS) look(page, user);
      }
    }
  };
};
