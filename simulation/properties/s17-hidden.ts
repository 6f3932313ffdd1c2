import { isDeepStrictEqual } from 'node:util';
import type { Presence } from '@presence/core';
import { nameOf, type Person } from '../clients/person.ts';
import type { Property, Stage } from '../stage.ts';

/** How somebody looked when they were first seen hidden, and when that was. */
interface Frozen {
  readonly shown: Presence;
  readonly at: number;
}

const compare = (person: Person, frozen: Frozen, told: number, { truth, violate }: Stage): void => {
  const shown = truth.now(person)?.public;
  const name = nameOf(person);
  if (!isDeepStrictEqual(frozen.shown, shown)) {
    const [before, now] = [JSON.stringify(frozen.shown), JSON.stringify(shown)];
    violate('S17', `${name} is hidden and others see a change from ${before} to ${now}`);
  }
  if (told > frozen.at) violate('S17', `${name} is hidden and a change of theirs was told`);
};

export const hidden: Property = {
  id: 'S17',
  title: 'a hidden user is gone: offline, and nothing that they do changes what others see or hear',
  watch: (stage) => {
    const { people, oracle, truth, world } = stage;
    const frozen = new Map<string, Frozen>();
    const told = new Map<string, number>();
    return {
      started: (life) => {
        frozen.clear();
        told.clear();
        life.presence.on('change', ({ tenant, presence: { userId } }) =>
          told.set(`${tenant}/${userId}`, world.clock.now()),
        );
      },
      step: () => {
        for (const person of people) {
          const name = nameOf(person);
          const shown = truth.now(person)?.public;
          const { visibility, shownAt } = oracle.user(person.tenant, person.userId);
          if (visibility !== 'hidden' || !shown) {
            frozen.delete(name);
            continue;
          }
          const before = frozen.get(name);
          // Whoever was visible for a moment since then froze anew.
          if (before && shownAt < before.at) compare(person, before, told.get(name) ?? 0, stage);
          else frozen.set(name, { shown, at: world.clock.now() });
        }
      },
    };
  },
};
