import type { Typist } from '@presence/core/protocol';
import type { BrowserUser, Page } from '../../clients/browser-user.ts';
import { nameOf } from '../../clients/person.ts';
import { membershipOf, typingOf } from '../../oracle/expected-rooms.ts';
import { TYPING_MS } from '../../oracle/timing.ts';
import { ROOMS, TENANTS, type Property, type Stage } from '../../stage.ts';
import { onRoomFrame } from './told-rooms.ts';

/** Whose time alone took out of the room, the reaper notices in its next turn. */
const NOTICED_WITHIN_MS = 1100;

/** What the slowest line needs, with what is told a moment after it happened. */
const TRAVEL_MS = 1500;

type Say = (text: string) => void;

const checkTypists = (
  { oracle, world, people }: Stage,
  { tenant, room, asOf }: { tenant: string; room: string; asOf: number },
  typists: readonly Typist[],
  say: Say,
): void => {
  const at = world.clock.now();
  for (const { userId, until } of typists) {
    const who = `${tenant}/${userId}`;
    if (until === asOf) continue;
    if (!people.some((one) => one.tenant === tenant && one.userId === userId)) {
      say(`${who} is shown typing in ${room}, and there is no such user`);
    }
    if (until - asOf > TYPING_MS) say(`${who} is shown typing in ${room} for ${until - asOf} ms`);
    if (typingOf(oracle.user(tenant, userId), room, at) === 'out') {
      say(`${who} is shown typing in ${room}, and does not`);
    }
  }
};

/** Whoever is not in the room any more does not type there, a turn of the reaper later. */
const createOutsideCheck = ({ oracle, world, rooms }: Stage, say: Say) => {
  const outSince = new Map<string, number>();
  return (): void => {
    const at = world.clock.now();
    for (const { tenant, userId } of oracle.users()) {
      for (const room of ROOMS) {
        const key = `${tenant}/${userId} in ${room}`;
        const user = oracle.user(tenant, userId);
        if (membershipOf(user, room, at) !== 'out') outSince.delete(key);
        // Who did anything since may have been in it for a moment.
        else if (user.touchedAt >= (outSince.get(key) ?? 0)) outSince.set(key, at);
        const types = rooms.now(tenant, room)?.answer.typing.some((one) => one.userId === userId);
        const outForMs = at - (outSince.get(key) ?? at);
        if (types && outForMs > NOTICED_WITHIN_MS) {
          say(`${key} is shown typing, who is not in it for ${outForMs} ms`);
        }
      }
    }
  };
};

/** A page that runs on a good line shows nobody for longer than they typed. */
const checkPage = (page: Page, user: BrowserUser, { oracle, world }: Stage, say: Say): void => {
  const { tenant } = user.person;
  for (const room of ROOMS) {
    for (const userId of page.client.room(room).getSnapshot().typing) {
      const typing = oracle.user(tenant, userId).typing.get(room);
      const lateMs = world.clock.now() - TRAVEL_MS - (typing?.saidAt ?? -Infinity) - TYPING_MS;
      if (lateMs < 0) continue;
      say(
        `page ${page.id} of ${nameOf(user.person)} shows ${userId} typing in ${room}, ${lateMs} ms too long`,
      );
    }
  }
};

/** Since when the line of somebody carries what is sent, and their machine and the server run. */
const createGoodSince = (stage: Stage) => {
  const since = new Map<string, number>();
  return (user: BrowserUser): number => {
    const at = stage.world.clock.now();
    const isGood = user.line.state === 'up' && user.state === 'awake' && stage.calmSince() !== null;
    if (!isGood) since.delete(user.line.name);
    else if (!since.has(user.line.name)) since.set(user.line.name, at);
    return since.get(user.line.name) ?? Infinity;
  };
};

export const typing: Property = {
  id: 'S1 typing',
  title: 'nobody is shown typing who did not say so within the limit, or stopped, or left',
  watch: (stage) => {
    const { world, rooms, actors, violate } = stage;
    const say: Say = (text) => violate('S1 typing', text);
    const checkOutside = createOutsideCheck(stage, say);
    const goodSince = createGoodSince(stage);
    onRoomFrame(stage, ({ tenant }, frame) => {
      const { room, asOf } = frame;
      if (frame.type === 'snapshot') checkTypists(stage, { tenant, room, asOf }, frame.typing, say);
      if (frame.type === 'typing') checkTypists(stage, { tenant, room, asOf }, [frame], say);
    });
    return {
      step: () => {
        for (const tenant of TENANTS) {
          for (const room of ROOMS) {
            const answer = rooms.now(tenant, room)?.answer;
            if (answer)
              checkTypists(stage, { tenant, room, asOf: answer.asOf }, answer.typing, say);
          }
        }
        checkOutside();
        for (const user of actors) {
          if (user.kind !== 'browser') continue;
          const isGood = world.clock.now() - goodSince(user) > TYPING_MS + TRAVEL_MS;
          for (const page of user.pages) {
            if (isGood && page.state === 'shown') checkPage(page, user, stage, say);
          }
        }
      },
    };
  },
};
