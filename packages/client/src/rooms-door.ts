import type { ClientContext } from './context.ts';
import type { Facts } from './facts.ts';
import type { Page } from './page.ts';
import type { Rooms } from './rooms.ts';
import type { LinkContext } from './transports/presence-link.ts';
import type { Socket } from './transports/socket.ts';
import type { PresenceClient } from './types.ts';
import { UNKNOWN_ROOM } from './unknown.ts';
import { ROOM_ID } from './numbers.ts';

/** What the rooms of a tab are made of. */
export type RoomsContext = Omit<ClientContext, 'rooms'>;

/** Where the code for rooms is loaded once somebody wants one. While it cannot be had, no room is known. */
export interface RoomsDoor {
  readonly room: PresenceClient['room'];
  learn(facts: Facts): void;
  /** Keeps the rooms that a link is in equal to what is wanted. */
  sync(send: Socket['send'], link: LinkContext): void;
  loaded(): Rooms | undefined;
}

export const createRoomsDoor = (context: RoomsContext, submit: Page['submit']): RoomsDoor => {
  let rooms: Rooms | undefined;
  /** @param wanted false: only where it is loaded anyway */
  const withRooms = (wanted: unknown, then: (rooms: Rooms) => void): void => {
    if (wanted || rooms) {
      context.load.rooms().then(
        ({ createRooms }) => then((rooms ??= createRooms(context, submit))),
        () => {},
      );
    }
  };
  return {
    room: (id) => ({
      join: () => context.watch([ROOM_ID + id]),
      getSnapshot: () => rooms?.get(id) ?? UNKNOWN_ROOM,
      subscribe: (listener) => context.listeners.add(`room ${id}`, listener),
      startTyping: () => withRooms(1, (loaded) => loaded.typing(id, true)),
      stopTyping: () => withRooms(0, (loaded) => loaded.typing(id, false)),
    }),
    learn: (facts) => withRooms(facts.rooms, (loaded) => loaded.learn(facts)),
    sync: (send, link) =>
      withRooms(
        link.demand().users.some((id) => id[0] === ROOM_ID),
        (loaded) => loaded.sync(send, link),
      ),
    loaded: () => rooms,
  };
};
