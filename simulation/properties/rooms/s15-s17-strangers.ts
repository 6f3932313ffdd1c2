import type { Json, RoomAnswer } from '@presence/core/protocol';
import { mayEnter, nameOf } from '../../clients/person.ts';
import { ROOMS, type Property, type Stage } from '../../stage.ts';
import { onRoomFrame } from './told-rooms.ts';

/** What sessions say of themselves names their tenant. */
const isForeign = (tenant: string, meta: Json): boolean =>
  typeof meta !== 'string' || !meta.startsWith(`${tenant} `);

const metasIn = (row: readonly unknown[]): readonly Json[] =>
  (row[5] as { meta?: readonly Json[] } | undefined)?.meta ?? [];

/** Of a room with the same name in another tenant. */
export const roomTenants: Property = {
  id: 'S15 rooms',
  title: 'nothing of a room of one tenant is seen in another',
  watch: (stage) => {
    const { rooms, violate } = stage;
    const check = (tenant: string, where: string, metas: readonly Json[]): void => {
      const foreign = metas.find((meta) => isForeign(tenant, meta));
      if (foreign === undefined) return;
      violate('S15 rooms', `${where} shows ${JSON.stringify(foreign)} of another tenant`);
    };
    onRoomFrame(stage, ({ tenant }, frame, socket) => {
      if (frame.type === 'typing') return;
      const metas = frame.presences.flatMap(metasIn);
      check(tenant, `${tenant}/${frame.room} on socket ${socket}`, metas);
    });
    return {
      step: () => {
        for (const { tenant } of stage.people) {
          for (const room of ROOMS) {
            const members = rooms.now(tenant, room)?.answer.members ?? [];
            const metas = members.flatMap(({ meta = [] }) => meta);
            check(tenant, `${tenant}/${room}`, metas);
          }
        }
      },
    };
  },
};

const checkAnswers = ({ world, violate }: Stage): void =>
  world.listen({
    answered: ({ request, answer }) => {
      const [, first, room = '', what = ''] = request.path.split('/');
      if (first !== 'rooms' || !request.login || mayEnter(request.login, room)) return;
      // Getting out is for everybody.
      if (answer.status === 404 || answer.status >= 429 || what === 'leave') return;
      if (answer.status === 401 || answer.status === 403 || answer.status === 409) return;
      const said = answer.body === null ? 'nothing' : (JSON.parse(answer.body) as RoomAnswer);
      violate(
        'S17 rooms',
        `${nameOf(request.login)}, who may not see ${room}, got ${answer.status} ${JSON.stringify(said)} for ${request.method} ${request.path}`,
      );
    },
  });

/** Whoever is not let into a room cannot tell that it is there. */
export const roomStrangers: Property = {
  id: 'S17 rooms',
  title: 'whoever may not see a room is told nothing of it, and is never in it',
  watch: (stage) => {
    const { people, actors, rooms, violate } = stage;
    onRoomFrame(stage, (owner, frame) => {
      if (mayEnter(owner, frame.room)) return;
      violate('S17 rooms', `${nameOf(owner)}, who may not see ${frame.room}, is told of it`);
    });
    checkAnswers(stage);
    return {
      step: () => {
        for (const person of people) {
          for (const room of ROOMS) {
            if (mayEnter(person, room)) continue;
            const { tenant, userId } = person;
            if (rooms.now(tenant, room)?.members.has(userId)) {
              violate('S17 rooms', `${nameOf(person)}, who may not go into ${room}, is in it`);
            }
          }
        }
        for (const actor of actors) {
          if (actor.kind !== 'browser') continue;
          for (const { client, id } of actor.pages) {
            for (const room of ROOMS) {
              const { synced, members } = client.room(room).getSnapshot();
              if (mayEnter(actor.person, room) || (!synced && members.length === 0)) continue;
              violate('S17 rooms', `page ${id} of ${nameOf(actor.person)} shows ${room}`);
            }
          }
        }
      },
    };
  },
};
