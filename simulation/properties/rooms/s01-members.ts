import { nameOf } from '../../clients/person.ts';
import { membershipOf, metasOf } from '../../oracle/expected-rooms.ts';
import { ROOMS, type Property } from '../../stage.ts';

/** Reads of rooms against the facts that were acknowledged, while the reaper may not have looked yet. */
export const members: Property = {
  id: 'S1 rooms',
  title:
    'a room reads as the acknowledged facts derive: each user once, with what their sessions say there',
  watch: ({ people, oracle, rooms, world, violate }) => ({
    step: () => {
      const at = world.clock.now();
      for (const person of people) {
        const { tenant, userId } = person;
        const known = oracle.user(tenant, userId);
        for (const room of ROOMS) {
          const answer = rooms.now(tenant, room)?.answer;
          if (!answer) continue;
          const shown = answer.members.filter((member) => member.userId === userId);
          const expected = membershipOf(known, room, at);
          const say = (text: string): void => violate('S1 rooms', `${nameOf(person)} ${text}`);
          if (shown.length > 1) say(`is in ${room} ${shown.length} times`);
          if (expected === 'out' && shown.length > 0) say(`reads as in ${room}, expected out`);
          if (expected === 'in' && shown.length === 0) say(`reads as out of ${room}, expected in`);
          const metas = metasOf(known, room, at)?.join();
          const said = (shown[0]?.meta ?? []).map((meta) => JSON.stringify(meta)).sort();
          if (shown.length === 0 || metas === undefined || metas === said.join()) continue;
          say(`says [${said.join()}] in ${room}, expected [${metas}]`);
        }
      }
    },
  }),
};
