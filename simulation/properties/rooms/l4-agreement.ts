import type { BrowserUser, Page } from '../../clients/browser-user.ts';
import { mayEnter, nameOf } from '../../clients/person.ts';
import type { Property, Stage } from '../../stage.ts';
import { createLinked } from '../linked.ts';
import { shownIn } from './pages.ts';
import { settledSince } from './settled.ts';

const compare = (
  page: Page,
  { person }: BrowserUser,
  room: string,
  withinMs: number,
  stage: Stage,
): void => {
  const { people, rooms, world, truth, violate } = stage;
  const { tenant } = person;
  const at = world.clock.now();
  const reading = rooms.now(tenant, room);
  if (!reading) return;
  const say = (text: string): void =>
    violate('L4 rooms', `page ${page.id} of ${nameOf(person)} in ${room}: ${text}`);
  const { synced, count, typing } = page.client.room(room).getSnapshot();
  if (!synced) return say('knows nothing of the room');
  if (typing.length > 0) say(`shows ${typing.join()} typing, and everybody has stopped`);
  let isSettled = true;
  for (const other of people) {
    const { userId } = other;
    if (other.tenant !== tenant) continue;
    const isSo = at - settledSince(stage, other, room) >= withinMs;
    const [shown, read] = [shownIn(page, room, userId), reading.members.get(userId)];
    isSettled &&= isSo;
    if (!isSo || shown === read) continue;
    say(`shows ${userId} as ${shown ?? 'not there'}, reads say ${read ?? 'not there'}`);
  }
  if (isSettled && count !== reading.answer.count) {
    say(`counts ${count}, reads say ${reading.answer.count}`);
  }
  const isThere = truth.now(person)?.public.status !== 'offline';
  if (isThere && !reading.members.has(person.userId)) say('wants to be in it, and is not');
};

export const roomAgreement: Property = {
  id: 'L4 rooms',
  title:
    'when everything is healed, every page is in the rooms that it wants, and shows what reads say',
  watch: (stage) => {
    const { isLinked, shownWithinMs } = createLinked(stage);
    return {
      healed: () => {
        for (const user of stage.actors) {
          if (user.kind !== 'browser') continue;
          for (const page of user.pages) {
            if (!isLinked(page, user)) continue;
            for (const room of page.rooms.keys()) {
              if (!mayEnter(user.person, room)) continue;
              compare(page, user, room, shownWithinMs(page), stage);
            }
          }
        }
      },
    };
  },
};
