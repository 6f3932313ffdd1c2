import type { Page } from '../clients/browser-user.ts';
import { nameOf, type Person } from '../clients/person.ts';
import type { Property, Stage } from '../stage.ts';
import { createLinked } from './linked.ts';
import { looksLike } from './looks-like.ts';

const compare = (
  page: Page,
  owner: Person,
  person: Person,
  withinMs: number,
  stage: Stage,
): void => {
  const reading = stage.truth.now(person);
  if (!reading || stage.world.clock.now() - reading.publicSince < withinMs) return;
  const shown = page.client.getPresence(person.userId);
  const { status, version } = reading.public;
  if (looksLike(shown, reading.public)) return;
  stage.violate(
    'L4',
    `page ${page.id} of ${nameOf(owner)} shows ${person.userId} as ${shown.status} v${shown.version}, reads say ${status} v${version}`,
  );
};

export const agreement: Property = {
  id: 'L4',
  title: 'when everything is healed, every page shows what reads say',
  watch: (stage) => {
    const { isLinked, shownWithinMs } = createLinked(stage);
    const healed = (): void => {
      for (const user of stage.actors) {
        if (user.kind !== 'browser') continue;
        for (const page of user.pages) {
          if (!isLinked(page, user)) continue;
          for (const person of stage.people) {
            if (person.tenant !== user.person.tenant) continue;
            if (!page.watched.includes(person.userId)) continue;
            compare(page, user.person, person, shownWithinMs(page), stage);
          }
        }
      }
    };
    return { healed };
  },
};
