import { nameOf } from '../clients/person.ts';
import type { Property } from '../stage.ts';

interface Told {
  readonly name: string;
  readonly tenant: string;
  readonly userId: string;
  readonly at: number;
}

/** Every notice of somebody going offline is held against what was known at that instant. */
export const grace: Property = {
  id: 'L2',
  title: 'nobody is told to be offline who came back within the grace, or never left',
  watch: ({ oracle, world, violate }) => {
    let suspects: Told[] = [];
    return {
      started: (life) => {
        suspects = [];
        life.presence.on('change', ({ tenant, presence: { userId, status } }) => {
          if (status !== 'offline' || oracle.expected(tenant, userId).public.has('offline')) return;
          const at = world.clock.now();
          suspects.push({ name: nameOf({ tenant, userId }), tenant, userId, at });
        });
      },
      step: () => {
        for (const { name, tenant, userId, at } of suspects) {
          // A command that was acknowledged in the same instant explains it.
          if (oracle.user(tenant, userId).touchedAt >= at) continue;
          violate(
            'L2',
            `${name} was told to be offline ${world.clock.now() - at} ms ago, with a session alive`,
          );
        }
        suspects = [];
      },
    };
  },
};
