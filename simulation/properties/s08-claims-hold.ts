import { nameOf } from '../clients/person.ts';
import type { Property } from '../stage.ts';

interface Declared {
  readonly source: string;
  readonly status: string;
  readonly message?: string | null;
  readonly until?: number | null;
}

const inWords = (claims: Iterable<Declared>): string =>
  [...claims]
    .map(
      ({ source, status, message, until }) => `${source}:${status}:${message ?? ''}:${until ?? ''}`,
    )
    .sort()
    .join(', ');

export const claimsHold: Property = {
  id: 'S8',
  title: 'a claim holds through whatever happens to sessions, and ends at its end',
  watch: ({ people, oracle, truth, violate }) => ({
    step: () => {
      for (const person of people) {
        const reading = truth.now(person);
        if (!reading) continue;
        const { claims } = oracle.user(person.tenant, person.userId);
        const [shown, expected] = [inWords(reading.me.claims), inWords(claims.values())];
        if (shown !== expected) {
          violate('S8', `${nameOf(person)} has the claims [${shown}], expected [${expected}]`);
        }
      }
    },
  }),
};
