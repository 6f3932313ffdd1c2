// What is loaded with the first room of this browser.
import type { Cancel } from '@presence/core';
import type { Demand } from './demand.ts';
import type { Page } from './page.ts';
import type { RoomsContext, RoomsDoor } from './rooms-door.ts';
import { createRoomWire } from './room-wire.ts';
import type { Socket } from './transports/socket.ts';
import { createRoomState } from './room-state.ts';
import { isRoomId, roomOfId, roomsIn, type WantedRooms } from './room-demand.ts';
import type { Facts, RoomFrame } from './facts.ts';
import type { ConnectionState, RoomState } from './types.ts';

/** The server lets a typist stop by themselves in six seconds: said twice in that time, it goes on. */
const TYPING_AGAIN_MS = 3000;
const TYPING_MS = 6000;

/** The rooms that some tab of this browser is in. */
export interface Rooms {
  learn(facts: Facts): void;
  get(room: string): RoomState | undefined;
  typing(room: string, state: boolean): void;
  sync: RoomsDoor['sync'];
  /** The rooms in what is wanted. Tells of what this tab says there and may not. */
  wanted(demand: Demand): WantedRooms;
  /** What another tab needs to show the same. */
  dump(): readonly RoomFrame[];
}

/** Says that the user types: again only now and then, and that they stopped only if it was said. */
const createTypingVoice = ({ clock, replica }: RoomsContext, submit: Page['submit']) => {
  const saidAt = new Map<string, number>();
  const isConnected = (): boolean => replica.views.connection().status === 'connected';

  return (room: string, state: boolean): void => {
    const ago = clock.now() - (saidAt.get(room) ?? -Infinity);
    if (state ? ago < TYPING_AGAIN_MS : ago > TYPING_MS) return;
    if (state) saidAt.set(room, clock.now());
    else saidAt.delete(room);
    // A hint that comes late would be a wrong one.
    if (isConnected()) submit('typing', room, state).catch(() => {});
  };
};

/** Reads what is wanted of rooms, and tells once of each join of this tab that says what may not be said. */
const createReader = ({ listeners, ownDemand }: RoomsContext): Rooms['wanted'] => {
  const told = new Set<string>();
  const read: Rooms['wanted'] = (demand) => {
    const own = new Set(ownDemand());
    for (const id of told) if (!own.has(id)) told.delete(id);
    return roomsIn(demand, (id) => {
      if (told.has(id) || !own.has(id)) return;
      told.add(id);
      const message = `[presence/client] \`meta\` in room ${roomOfId(id)} is not told: it must be JSON of at most 256 bytes, and the room's id one line of text.`;
      listeners.fail({ code: 'invalid_request', message });
    });
  };
  read(ownDemand());
  return read;
};

export const createRooms = (context: RoomsContext, submit: Page['submit']): Rooms => {
  const { clock, listeners, replica } = context;
  const rooms = new Map<string, ReturnType<typeof createRoomState>>();
  /** What each link is in. */
  const wires = new WeakMap<Socket['send'], () => void>();
  let cancelStale: Cancel | undefined;
  let cancelTyping: Cancel | undefined;

  const tell = (room: string): void => {
    listeners.fire(`room ${room}`);
    listeners.fire('any');
  };
  /** One timer for the typist who stops first. */
  const awaitTypists = (): void => {
    cancelTyping?.();
    cancelTyping = undefined;
    const next = Math.min(...[...rooms.values()].map((state) => state.nextEnd()));
    if (next === Infinity) return;
    cancelTyping = clock.after(Math.max(0, next - clock.now()), () => {
      for (const [room, state] of rooms) if (state.expire(clock.now())) tell(room);
      awaitTypists();
    });
  };
  const distrust = (): void => {
    for (const [room, state] of rooms) if (state.distrust()) tell(room);
    awaitTypists();
  };
  const follow = ({ status }: ConnectionState): void => {
    cancelStale?.();
    cancelStale = undefined;
    if (status === 'stopped') distrust();
    else if (status !== 'connected') {
      cancelStale = clock.after(replica.held().staleAfterMs, distrust);
    }
  };
  listeners.add('connection', follow);
  const wanted = createReader(context);

  return {
    learn({ rooms: frames = [], drop = [] }) {
      for (const room of drop.filter(isRoomId).map(roomOfId)) if (rooms.delete(room)) tell(room);
      for (const frame of frames) {
        const { room } = frame;
        // What comes late of a room that nobody wants any more is not taken in.
        if (frame.type !== 'snapshot' && !rooms.has(room)) continue;
        const state = rooms.get(room) ?? createRoomState(() => replica.views.me().userId);
        rooms.set(room, state);
        if (state.take(frame, clock.now())) tell(room);
      }
      awaitTypists();
    },
    get: (room) => rooms.get(room)?.shown(),
    typing: createTypingVoice(context, submit),
    sync(send, link) {
      if (link.timers.stopped()) return;
      const sync = wires.get(send) ?? createRoomWire(send, link, wanted);
      wires.set(send, sync);
      sync();
    },
    wanted,
    dump: () => [...rooms].flatMap(([room, state]) => state.dump(room, clock.now())),
  };
};
