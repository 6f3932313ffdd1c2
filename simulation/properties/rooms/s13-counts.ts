import { STATUSES } from '@presence/core';
import { withoutMeta } from '../../ledger.ts';
import { ROOMS, TENANTS, type Property } from '../../stage.ts';

export const roomCounts: Property = {
  id: 'S13 rooms',
  title: 'of a room, counts equal lists, and both equal who is in it',
  watch: ({ rooms, presenceOf, violate }) => ({
    step: async (life) => {
      for (const tenant of TENANTS) {
        for (const room of ROOMS) {
          const answer = rooms.now(tenant, room)?.answer;
          if (!answer) continue;
          const presence = presenceOf(life, tenant);
          const [count, list] = [await presence.count({ room }), await presence.list({ room })];
          const listed = list.presences.map((one) => JSON.stringify(one)).join();
          const members = answer.members.map((one) => JSON.stringify(withoutMeta(one))).join();
          const where = `${tenant}/${room}`;
          if (listed !== members) {
            violate('S13 rooms', `${where} lists [${listed}], its members are [${members}]`);
          }
          for (const said of [answer.count, count.count]) {
            if (said === answer.members.length) continue;
            violate('S13 rooms', `${where} counts ${said}, its members are [${members}]`);
          }
          for (const status of STATUSES) {
            const expected = answer.members.filter((one) => one.status === status).length;
            if (status === 'offline' || count.byStatus[status] === expected) continue;
            violate(
              'S13 rooms',
              `${where} counts ${count.byStatus[status]} ${status}, and ${expected} are`,
            );
          }
        }
      }
    },
  }),
};
