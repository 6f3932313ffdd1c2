import { nameOf } from '../clients/person.ts';
import { endOf } from '../oracle/facts.ts';
import type { Property } from '../stage.ts';

export const fencing: Property = {
  id: 'S12',
  title: 'what comes late for a session that is gone is refused, and no session comes from nowhere',
  watch: ({ people, oracle, world, presenceOf, violate }) => ({
    step: async (life) => {
      const at = world.clock.now();
      for (const text of oracle.strange)
        violate('S12', `a session was taken that is gone: ${text}`);
      for (const person of people) {
        const name = nameOf(person);
        const { sessions } = oracle.user(person.tenant, person.userId);
        const explained = await presenceOf(life, person.tenant).explain(person.userId);
        const there = new Set(explained.sessions.map(({ id }) => id));
        for (const id of there) {
          if (!sessions.has(id)) violate('S12', `${name} has the session ${id}, which is gone`);
        }
        for (const session of sessions.values()) {
          if (there.has(session.id) || endOf(session).from <= at) continue;
          violate('S12', `${name} lost the session ${session.id}`);
        }
      }
    },
  }),
};
