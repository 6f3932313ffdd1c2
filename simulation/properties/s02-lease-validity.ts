import { nameOf } from '../clients/person.ts';
import { isSurelyAlive } from '../oracle/from-http.ts';
import type { Property } from '../stage.ts';

/** A little of S1, told apart because it is the promise that users feel: nobody flaps. */
export const leaseValidity: Property = {
  id: 'S2',
  title:
    'nobody whose lease or link lives reads offline, unless blocked, idle too long or claimed so',
  watch: ({ people, oracle, truth, world, violate }) => ({
    step: () => {
      const at = world.clock.now();
      for (const person of people) {
        const reading = truth.now(person);
        const known = oracle.user(person.tenant, person.userId);
        if (!reading || known.account !== 'active') continue;
        const isAlive = [...known.sessions.values()].some((session) => isSurelyAlive(session, at));
        const { own } = oracle.expected(person.tenant, person.userId);
        if (!isAlive || own.has('offline') || reading.own.status !== 'offline') continue;
        violate('S2', `${nameOf(person)} reads offline while a lease of theirs lives`);
      }
    },
  }),
};
