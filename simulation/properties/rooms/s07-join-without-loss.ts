import { nameOf, type Person } from '../../clients/person.ts';
import type { RawSocket } from '../../clients/raw-socket.ts';
import type { RoomView } from '../../clients/room-view.ts';
import { typingOf } from '../../oracle/expected-rooms.ts';
import { ROOMS, type Property, type Stage } from '../../stage.ts';
import { createListening, TOLD_WITHIN_MS } from '../listening.ts';
import { settledSince } from './settled.ts';

/** What is told at once needs no longer than the slowest line. */
const HINTED_WITHIN_MS = 1200;

/** What a view has otherwise than reads say, of whoever stands so for long enough. */
const disagreement = (
  person: Person,
  room: string,
  view: RoomView,
  stage: Stage,
): string | null => {
  const { rooms, world, oracle } = stage;
  const { tenant, userId } = person;
  const at = world.clock.now();
  const read = rooms.now(tenant, room)?.members.get(userId);
  const shown = view.members.get(userId);
  const since = settledSince(stage, person, room);
  if (at - since >= TOLD_WITHIN_MS && read !== shown) {
    return `has ${userId} as ${shown ?? 'not there'}, who reads ${read ?? 'not there'}`;
  }
  const user = oracle.user(tenant, userId);
  const saidAt = user.typing.get(room)?.saidAt ?? at;
  const isTold = typingOf(user, room, at) === 'in' && at - saidAt >= HINTED_WITHIN_MS;
  // Whom others did not see in the room when they said it, nobody is told of.
  if (isTold && since <= saidAt && read === shown && !view.typing().includes(userId)) {
    return `does not know that ${userId} types`;
  }
  return null;
};

/** Whoever is told of a room without a break, for long enough to have been told of everything. */
export const roomsJoinWithoutLoss: Property = {
  id: 'S7 rooms',
  title: 'a watcher of a room with a good link knows who is in it and who types, a moment later',
  watch: (stage) => {
    const { actors, people, rooms, world, violate } = stage;
    const listening = createListening(stage);

    const check = (watcher: RawSocket, room: string, view: RoomView): void => {
      const since = Math.max(listening.since(watcher), view.snapshotAt ?? Infinity);
      if (world.clock.now() - since < TOLD_WITHIN_MS) return;
      const say = (text: string): void =>
        violate('S7 rooms', `${nameOf(watcher.person)} ${watcher.name} in ${room}: ${text}`);
      const { tenant } = watcher.person;
      let isSettled = true;
      for (const person of people) {
        if (person.tenant !== tenant) continue;
        const wrong = disagreement(person, room, view, stage);
        if (wrong) say(wrong);
        const sinceMs = world.clock.now() - settledSince(stage, person, room);
        isSettled &&= sinceMs >= TOLD_WITHIN_MS;
      }
      const count = rooms.now(tenant, room)?.answer.count;
      if (isSettled && count !== view.count) say(`counts ${view.count}, reads say ${count}`);
    };

    return {
      step: () => {
        for (const watcher of actors) {
          if (watcher.kind !== 'socket' || !listening.isOpen(watcher)) continue;
          for (const room of ROOMS) {
            const view = watcher.rooms.views.get(room);
            if (view) check(watcher, room, view);
          }
        }
      },
    };
  },
};
