import type { ClientContext } from './context.ts';
import type { Page } from './page.ts';
import type { Rooms } from './rooms.ts';
import type { LinkContext } from './transports/presence-link.ts';
import type { Socket } from './transports/socket.ts';
import type { PresenceClient } from './types.ts';
import { quietly } from './quietly.ts';
import { UNKNOWN_ROOM } from './unknown.ts';
import { ROOM_ID } from './numbers.ts';

/** What the rooms of a tab are made of. */
export type RoomsContext = Omit<ClientContext, 'rooms' | 'calls'>;

/** Where the code for rooms is loaded once somebody wants one. While it cannot be had, no room is known. */
export interface RoomsDoor {
  readonly room: PresenceClient['room'];
  load(then: (rooms: Rooms) => void): void;
  /** What is there, if somebody wanted a room before. */
  loaded(): Rooms | undefined;
  /** Keeps the rooms that a link is in equal to what is wanted. */
  sync(send: Socket['send'], link: LinkContext): void;
}

export const createRoomsDoor = (context: RoomsContext, submit: Page['submit']): RoomsDoor => {
  let rooms: Rooms | undefined;
  const load: RoomsDoor['load'] = (then) =>
    void context.load.rooms().then(
      ({ createRooms }) => then((rooms ??= createRooms(context, submit))),
      () => {},
    );
  return {
    room: (id) => ({
      // What is no JSON is told of later, by the code that reads it.
      join: (...said) =>
        context.watch([
          ROOM_ID + id,
          ...said.map(
            (one) =>
              ROOM_ID + id + ROOM_ID + quietly(() => JSON.stringify([context.clock.now(), one])),
          ),
        ]),
      getSnapshot: () => rooms?.get(id) ?? UNKNOWN_ROOM,
      subscribe: (listener) => context.listeners.add(`room ${id}`, listener),
      startTyping: () => load((loaded) => loaded.typing(id, true)),
      stopTyping: () => load((loaded) => loaded.typing(id, false)),
    }),
    load,
    loaded: () => rooms,
    sync(send, link) {
      if (rooms || link.demand().some((id) => id[0] === ROOM_ID)) {
        load((loaded) => loaded.sync(send, link));
      }
    },
  };
};
