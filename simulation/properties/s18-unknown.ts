import type { BrowserUser, Page } from '../clients/browser-user.ts';
import { nameOf } from '../clients/person.ts';
import type { Property, Stage } from '../stage.ts';
import { createLooking, MOST_STALE_MS } from './looking.ts';
import { looksLike } from './looks-like.ts';

/** What a page shows as known must have been true not too long ago. */
const check = (page: Page, user: BrowserUser, { truth, world, violate }: Stage): void => {
  for (const userId of page.watched) {
    const shown = page.client.getPresence(userId);
    const now = truth.now({ tenant: user.person.tenant, userId })?.public;
    if (shown.status === 'unknown' || (now && looksLike(shown, now))) continue;
    const outdatedAt = truth.outdatedAt({ tenant: user.person.tenant, userId }, shown.version);
    const ageMs = world.clock.now() - (outdatedAt ?? Infinity);
    if (ageMs <= MOST_STALE_MS) continue;
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
    const eachLookedAt = createLooking(stage);
    return { step: () => eachLookedAt((page, user) => check(page, user, stage)) };
  },
};
