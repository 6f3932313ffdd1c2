import type { BrowserUser, Page } from '../clients/browser-user.ts';
import { nameOf } from '../clients/person.ts';
import type { Property, Stage } from '../stage.ts';
import { looksLike } from './looks-like.ts';

/** A page that somebody looks at makes sure of its link each minute, one without input each five. */
const STALE_AFTER_MS = 60_000;
const LOOKED_AFTER_MS = 330_000;
const SLACK_MS = 30_000;

const isRunning = ({ state }: Page, user: BrowserUser): boolean =>
  state === 'shown' && user.state !== 'asleep';

/** What a page shows as known must have been true not too long ago. */
const check = (page: Page, user: BrowserUser, runningForMs: number, stage: Stage): void => {
  const { truth, world, violate } = stage;
  const boundMs = LOOKED_AFTER_MS + STALE_AFTER_MS + SLACK_MS;
  if (runningForMs < boundMs) return;
  for (const userId of page.watched) {
    const shown = page.client.getPresence(userId);
    const now = truth.now({ tenant: user.person.tenant, userId })?.public;
    if (shown.status === 'unknown' || (now && looksLike(shown, now))) continue;
    const outdatedAt = truth.outdatedAt({ tenant: user.person.tenant, userId }, shown.version);
    const ageMs = world.clock.now() - (outdatedAt ?? Infinity);
    if (ageMs <= boundMs) continue;
    violate(
      'S18',
      `page ${page.id} of ${nameOf(user.person)} shows ${userId} as ${shown.status}, which has not been true for ${ageMs} ms`,
    );
  }
};

export const unknownWhenStale: Property = {
  id: 'S18',
  title: 'a page that lost its link shows unknown, and never for long what is no longer true',
  watch: (stage) => {
    const { actors, world } = stage;
    const runningSince = new WeakMap<Page, number>();
    return {
      step: () => {
        for (const user of actors) {
          if (user.kind !== 'browser') continue;
          for (const page of user.pages) {
            const at = world.clock.now();
            if (!isRunning(page, user)) runningSince.delete(page);
            else if (!runningSince.has(page)) runningSince.set(page, at);
            const since = runningSince.get(page);
            if (since === undefined) continue;
            check(page, user, at - since, stage);
          }
        }
      },
    };
  },
};
