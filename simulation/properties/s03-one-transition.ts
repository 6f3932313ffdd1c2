import { isDeepStrictEqual } from 'node:util';
import type { Presence } from '@presence/core';
import { nameOf } from '../clients/person.ts';
import type { Property } from '../stage.ts';

const withoutVersion = (shown: Presence): object => ({ ...shown, version: 0 });

/**
 * A reader that met a transition first, and the reaper after it, must have counted it once: with
 * nobody acting in between, another version of the same content is a second count.
 */
export const oneTransition: Property = {
  id: 'S3',
  title: 'one transition has one version, whoever notices it first',
  watch: ({ people, oracle, truth, violate }) => ({
    step: () => {
      for (const person of people) {
        const [before, now] = [truth.before(person), truth.now(person)];
        if (!before || !now) continue;
        const { touchedAt, sessions } = oracle.user(person.tenant, person.userId);
        const isQuiet =
          touchedAt < before.at && [...sessions.values()].every((s) => s.socket === null);
        for (const view of ['public', 'own'] as const) {
          const [a, b] = [before[view], now[view]];
          if (!isQuiet || a.version === b.version) continue;
          if (!isDeepStrictEqual(withoutVersion(a), withoutVersion(b))) continue;
          violate(
            'S3',
            `${nameOf(person)} has versions ${a.version} and ${b.version} of one content (${view})`,
          );
        }
      }
    },
  }),
};
