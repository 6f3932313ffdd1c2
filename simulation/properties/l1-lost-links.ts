import { nameOf } from '../clients/person.ts';
import { endOf } from '../oracle/facts.ts';
import type { Property } from '../stage.ts';

/** The reaper's turn and the moment that a commit takes. */
const PUSHED_WITHIN_MS = 1100;

/** S1 says that reads know in time; here, that whoever listens is told in time. */
export const lostLinks: Property = {
  id: 'L1',
  title: 'whose last link is lost or lease has ended is told to be offline within a second',
  watch: ({ people, oracle, truth, world, violate }) => {
    const told = new Map<string, string>();
    return {
      started: (life) => {
        told.clear();
        life.presence.on('change', ({ tenant, presence: { userId, status } }) =>
          told.set(`${tenant}/${userId}`, status),
        );
      },
      step: () => {
        const at = world.clock.now();
        for (const person of people) {
          const name = nameOf(person);
          const reading = truth.now(person);
          if (reading?.public.status !== 'offline' || reading.public.since === null) continue;
          const { sessions } = oracle.user(person.tenant, person.userId);
          const isEnding = [...sessions.values()].some((one) => endOf(one).from <= at);
          if (isEnding || at - reading.public.since < PUSHED_WITHIN_MS) continue;
          const status = told.get(name) ?? 'offline';
          if (status === 'offline' || at - reading.publicSince < PUSHED_WITHIN_MS) continue;
          violate(
            'L1',
            `${name} reads offline for ${at - reading.public.since} ms, the last that was told is ${status}`,
          );
        }
      },
    };
  },
};
