import type { Property } from '../stage.ts';
import type { Sight } from '../ledger.ts';

/** Messages name the tenant that they were made in: one that turns up elsewhere has leaked. */
export const tenants: Property = {
  id: 'S15',
  title: 'nothing of one tenant is seen in another',
  watch: ({ ledger, oracle, violate }) => {
    ledger.onSight(({ tenant, userId, presence, via }: Sight) => {
      const message = presence?.message;
      if (message === undefined || message.startsWith(`${tenant} `)) return;
      violate('S15', `${tenant}/${userId} shows "${message}" of another tenant (${via})`);
    });
    return {
      step: () => {
        // S1, S8 and S13 compare each tenant with its own facts; here only that both have facts of their own.
        for (const { tenant, claims } of oracle.users()) {
          for (const { message } of claims.values()) {
            if (message !== null && !message.startsWith(`${tenant} `)) {
              violate('S15', `a claim of another tenant was acknowledged in ${tenant}: ${message}`);
            }
          }
        }
      },
    };
  },
};
