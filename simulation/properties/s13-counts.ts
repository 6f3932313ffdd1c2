import { STATUSES } from '@presence/core';
import { TENANTS, type Property } from '../stage.ts';

export const counts: Property = {
  id: 'S13',
  title: 'counts equal lists, and both equal reads',
  watch: ({ people, truth, presenceOf, violate }) => ({
    step: async (life) => {
      for (const tenant of TENANTS) {
        const presence = presenceOf(life, tenant);
        const [count, list] = [await presence.count(), await presence.list()];
        const readings = people
          .filter((person) => person.tenant === tenant)
          .map((person) => truth.now(person)?.public);
        const present = readings
          .filter((shown) => shown && shown.status !== 'offline')
          .map((shown) => JSON.stringify(shown))
          .sort();
        const listed = list.presences.map((shown) => JSON.stringify(shown)).sort();
        if (listed.join() !== present.join()) {
          violate('S13', `${tenant} lists [${listed.join()}], reads say [${present.join()}]`);
        }
        if (count.count !== present.length) {
          violate('S13', `${tenant} counts ${count.count}, reads say ${present.length}`);
        }
        for (const status of STATUSES) {
          if (status === 'offline') continue;
          const expected = readings.filter((shown) => shown?.status === status).length;
          if (count.byStatus[status] !== expected) {
            violate(
              'S13',
              `${tenant} counts ${count.byStatus[status]} ${status}, reads say ${expected}`,
            );
          }
        }
      }
    },
  }),
};
