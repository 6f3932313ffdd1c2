import type { Page } from '../clients/browser-user.ts';
import { nameOf, type Person } from '../clients/person.ts';
import type { Property, Stage } from '../stage.ts';
import { looksLike } from './looks-like.ts';

/** Clients on heartbeats ask again with each beat, and hidden pages beat once a minute. */
const POLLED_WITHIN_MS = 65_000;
const TOLD_WITHIN_MS = 5000;

const canRun = ({ state }: Page): boolean => state === 'shown' || state === 'hidden';

const compare = (page: Page, owner: Person, person: Person, stage: Stage): void => {
  const reading = stage.truth.now(person);
  if (!reading) return;
  const isLive = page.client.getConnection().transport === 'websocket';
  const ageMs = stage.world.clock.now() - reading.publicSince;
  if (ageMs < (isLive ? TOLD_WITHIN_MS : POLLED_WITHIN_MS)) return;
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
    // A page without input finds out after minutes that its link died in silence: S18 bounds that.
    const open = new Map<number, string>();
    stage.world.listen({
      frameOut: ({ id, line }) => void open.set(id, line),
      closed: ({ id }) => void open.delete(id),
      started: () => open.clear(),
    });
    const healed = (): void => {
      const linked = new Set(open.values());
      for (const user of stage.actors) {
        if (user.kind !== 'browser') continue;
        for (const page of user.pages) {
          const { status, transport } = page.client.getConnection();
          if (!canRun(page) || status !== 'connected') continue;
          if (transport !== 'http' && !linked.has(user.line.name)) continue;
          for (const person of stage.people) {
            if (person.tenant !== user.person.tenant) continue;
            if (page.watched.includes(person.userId)) compare(page, user.person, person, stage);
          }
        }
      }
    };
    return { healed };
  },
};
