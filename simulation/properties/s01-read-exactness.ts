import type { Status } from '@presence/core';
import type { Property } from '../stage.ts';

const list = (statuses: ReadonlySet<Status>): string => [...statuses].join(' or ');

/** Reads, while the reaper may not have looked yet, against the facts that were acknowledged. */
export const readExactness: Property = {
  id: 'S1',
  title: 'each read equals what the acknowledged facts derive',
  watch: ({ people, oracle, presenceOf, ledger, violate }) => ({
    step: async (life) => {
      for (const { tenant, userId } of people) {
        const presence = presenceOf(life, tenant);
        const expected = oracle.expected(tenant, userId);
        for (const view of ['public', 'true'] as const) {
          const allowed = view === 'public' ? expected.public : expected.own;
          const shown = await presence.get(userId, { view });
          ledger.read(tenant, shown, view);
          if (allowed.has(shown.status)) continue;
          violate(
            'S1',
            `${tenant}/${userId} reads ${shown.status} (${view}), expected ${list(allowed)}`,
          );
        }
      }
    },
  }),
};
