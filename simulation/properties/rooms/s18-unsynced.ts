import type { BrowserUser, Page } from '../../clients/browser-user.ts';
import { nameOf } from '../../clients/person.ts';
import type { Standing } from '../../clients/room-view.ts';
import type { Property, Stage } from '../../stage.ts';
import { createLooking, MOST_STALE_MS } from '../looking.ts';
import { shownIn } from './pages.ts';

interface Shown {
  readonly standing: Standing | undefined;
  readonly since: number;
}

/** What a page shows of somebody in a room, and since when: what was so for a moment only, no step may have read. */
const createEyes = ({ world }: Stage) => {
  const shown = new WeakMap<Page, Map<string, Shown>>();
  return (page: Page, room: string, userId: string): Shown => {
    const ofPage = shown.get(page) ?? new Map<string, Shown>();
    shown.set(page, ofPage);
    const key = `${room}\n${userId}`;
    const standing = shownIn(page, room, userId);
    const before = ofPage.get(key);
    if (before && before.standing === standing) return before;
    const now = { standing, since: world.clock.now() };
    ofPage.set(key, now);
    return now;
  };
};

export const unsyncedWhenStale: Property = {
  id: 'S18 rooms',
  title: 'a page that lost its link says so of its rooms, and never shows for long who left',
  watch: (stage) => {
    const { people, rooms, world, violate } = stage;
    const eachLookedAt = createLooking(stage);
    const look = createEyes(stage);

    const check = (page: Page, { person }: BrowserUser): void => {
      const { tenant } = person;
      for (const room of page.rooms.keys()) {
        if (!page.client.room(room).getSnapshot().synced) continue;
        for (const { userId } of people.filter((one) => one.tenant === tenant)) {
          const { standing, since } = look(page, room, userId);
          const trueAt = rooms.lastTrueAt(tenant, room, userId, standing) ?? -Infinity;
          const ageMs = world.clock.now() - Math.max(trueAt, since);
          if (ageMs <= MOST_STALE_MS) continue;
          violate(
            'S18 rooms',
            `page ${page.id} of ${nameOf(person)} shows ${userId} in ${room} as ${standing ?? 'not there'}, which has not been true for ${ageMs} ms`,
          );
        }
      }
    };
    return { step: () => eachLookedAt(check) };
  },
};
