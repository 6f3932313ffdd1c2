import type { Status } from '@presence/core';
import type { Property } from '../stage.ts';

const list = (statuses: ReadonlySet<Status>): string => [...statuses].join(' or ');

/** Reads, while the reaper may not have looked yet, against the facts that were acknowledged. */
export const readExactness: Property = {
  id: 'S1',
  title: 'each read equals what the acknowledged facts derive',
  watch: ({ people, oracle, truth, violate }) => ({
    step: () => {
      for (const person of people) {
        const { tenant, userId } = person;
        const reading = truth.now(person);
        if (!reading) continue;
        const expected = oracle.expected(tenant, userId);
        for (const view of ['public', 'own'] as const) {
          const { status } = reading[view];
          if (expected[view].has(status)) continue;
          violate(
            'S1',
            `${tenant}/${userId} reads ${status} (${view}), expected ${list(expected[view])}`,
          );
        }
      }
    },
  }),
};
