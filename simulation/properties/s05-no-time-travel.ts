import type { Presence } from '@presence/core';
import type { Page } from '../clients/browser-user.ts';
import { nameOf, type Person } from '../clients/person.ts';
import { TENANTS, type Property, type Stage } from '../stage.ts';

/** Versions that one subscriber was told, in order. */
const createEar = (who: string, { violate }: Stage) => {
  const told = new Map<string, number>();
  return (userId: string, version: number): void => {
    const before = told.get(userId) ?? -1;
    if (version < before) {
      violate('S5', `${who} was told version ${version} of ${userId} after version ${before}`);
    }
    told.set(userId, Math.max(before, version));
  };
};

/** What pages show, from step to step. A new server's data may begin with nothing. */
const createPageEar = (stage: Stage) => {
  const shown = new WeakMap<Page, Map<string, number>>();
  return (person: Person, page: Page): void => {
    const before = shown.get(page) ?? new Map<string, number>();
    shown.set(page, before);
    for (const userId of page.watched) {
      const { version } = page.client.getPresence(userId);
      const last = before.get(userId) ?? 0;
      if (version < last && version > 0) {
        stage.violate(
          'S5',
          `page ${page.id} of ${nameOf(person)} went from version ${last} to ${version} of ${userId}`,
        );
      }
      before.set(userId, Math.max(last, version));
    }
  };
};

export const noTimeTravel: Property = {
  id: 'S5',
  title: 'the versions that a subscriber applies only grow',
  watch: (stage) => {
    const { actors, people, presenceOf } = stage;
    const look = createPageEar(stage);
    return {
      started: (life) => {
        for (const tenant of TENANTS) {
          const ear = createEar(`a watch of ${tenant} in process`, stage);
          const ids = people.filter((one) => one.tenant === tenant).map(({ userId }) => userId);
          const heard = ({ userId, version }: Presence): void => ear(userId, version);
          void presenceOf(life, tenant).watch(ids, heard);
        }
      },
      step: () => {
        for (const actor of actors) {
          if (actor.kind === 'browser') for (const page of actor.pages) look(actor.person, page);
        }
      },
    };
  },
};
