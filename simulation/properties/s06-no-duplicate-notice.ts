import { isDeepStrictEqual } from 'node:util';
import type { Presence } from '@presence/core';
import type { UserPresence } from '@presence/client';
import type { Page } from '../clients/browser-user.ts';
import { TENANTS, type Property, type Stage } from '../stage.ts';

const visible = (shown: Presence): object => ({ ...shown, version: 0 });

const visibleInClient = (shown: UserPresence): object => ({ ...shown, version: 0, asOf: 0 });

const createEar = (who: string, { violate }: Stage) => {
  const told = new Map<string, Presence>();
  return (presence: Presence): void => {
    const before = told.get(presence.userId);
    told.set(presence.userId, presence);
    if (!before) return;
    if (before.version === presence.version) {
      violate('S6', `${who} was told version ${presence.version} of ${presence.userId} twice`);
    }
    if (isDeepStrictEqual(visible(before), visible(presence))) {
      violate(
        'S6',
        `${who} was told of ${presence.userId} although nothing changed: ${JSON.stringify(presence)}`,
      );
    }
  };
};

/** Pages tell their listeners; each time something must look different. */
const listenTo = (page: Page, { violate }: Stage): void => {
  const told = new Map<string, object>();
  page.client.on('presence', (presence) => {
    const content = visibleInClient(presence);
    const before = told.get(presence.userId);
    told.set(presence.userId, content);
    if (before && isDeepStrictEqual(before, content)) {
      violate(
        'S6',
        `page ${page.id} was told of ${presence.userId} although nothing changed: ${JSON.stringify(presence)}`,
      );
    }
  });
};

export const noDuplicateNotice: Property = {
  id: 'S6',
  title: 'one notice for a version, and none where nothing visible changed',
  watch: (stage) => {
    const { actors, people, presenceOf } = stage;
    const heard = new WeakSet<Page>();
    return {
      started: (life) => {
        for (const tenant of TENANTS) {
          const ids = people.filter((one) => one.tenant === tenant).map(({ userId }) => userId);
          void presenceOf(life, tenant).watch(
            ids,
            createEar(`a watch of ${tenant} in process`, stage),
          );
        }
      },
      step: () => {
        const pages = actors.flatMap((actor) => (actor.kind === 'browser' ? actor.pages : []));
        for (const page of pages) {
          if (heard.has(page)) continue;
          heard.add(page);
          listenTo(page, stage);
        }
      },
    };
  },
};
