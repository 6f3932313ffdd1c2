import { roomModeFor, roomRows } from '@presence/core';
import type { RoomAnswer, RoomMember } from '@presence/core/protocol';
import type { RoomFrame } from '../facts.ts';
import { ROOM_ID } from '../numbers.ts';
import type { WantedRooms } from '../room-demand.ts';
import type { Timers } from '../timers.ts';
import type { Failure } from './failures.ts';
import type { LinkContext } from './presence-link.ts';
import type { Answer } from './request.ts';

const ROOM_PAGE = 500;
/**
 * Pages beyond the first of each room, of all rooms and one beat: the server answers 60 questions a minute. A room that needs
 * more is told by its number.
 */
const MORE_PAGES = 10;
/** What is said of the session in a room is changed no more often: each change is one of those questions. */
const META_PACE_MS = 5000;

export const isRoom = (id: string): boolean => id.startsWith(ROOM_ID);

const pathOf = (room: string): string => `/rooms/${encodeURIComponent(room)}`;

/** A room as a route tells it, in the words of a link that is told of changes: as much of it as a server would. */
const frameOf = (
  { room, count, typing, asOf, nextCursor }: RoomAnswer,
  members: readonly RoomMember[],
): RoomFrame => {
  const mode = nextCursor === undefined ? roomModeFor(count, 'full') : 'count';
  const presences = roomRows(mode, members);
  return { type: 'snapshot', watch: '', room, mode, count, presences, typing, asOf };
};

interface HttpRoomsParts {
  readonly timers: Timers;
  readonly isOver: () => boolean;
  readonly end: (failure: Failure) => void;
  readonly sessionId: () => string | undefined;
}

/** What an answer holds; `null` where there is none, or the link has ended. */
type Take = <T>(answer: Promise<Answer<T>>) => Promise<T | null>;

/** A room that may not be had is no reason to end the link. */
const createTake =
  ({ listeners }: LinkContext, { isOver, end }: HttpRoomsParts): Take =>
  async (answer) => {
    const { body, failure } = await answer;
    if (isOver()) return null;
    if (failure?.code === 'network') end(failure);
    else if (failure) listeners.fail({ code: failure.code, message: failure.message });
    return failure ? null : body;
  };

/** @returns how many pages it took beyond the first */
const readRoom = async (
  { request, learn, demand }: LinkContext,
  take: Take,
  room: string,
  mostPages: number,
): Promise<number> => {
  const members: RoomMember[] = [];
  let behind = '';
  for (let page = 0; ; page += 1) {
    const path = `${pathOf(room)}?limit=${ROOM_PAGE}${behind}`;
    const answer = await take(request<RoomAnswer>('GET', path));
    // Late answers of a room that nobody wants any more are not taken in.
    if (!answer || !demand().includes(ROOM_ID + room)) return page;
    members.push(...answer.members);
    const { count, nextCursor } = answer;
    const fits = page < mostPages && count <= (mostPages + 1) * ROOM_PAGE;
    if (nextCursor === undefined || !fits || roomModeFor(count, 'full') === 'count') {
      learn({ rooms: [frameOf(answer, members)] });
      return page;
    }
    behind = `&cursor=${encodeURIComponent(nextCursor)}`;
  }
};

/** Rooms by requests: entered when they are wanted, read with each beat, left when nobody wants them. */
export const createHttpRooms = (context: LinkContext, parts: HttpRoomsParts) => {
  const { request, rooms, demand, clock } = context;
  const { timers, isOver, sessionId } = parts;
  const take = createTake(context, parts);
  /** What was said of the session there, as JSON, and when. */
  const entered = new Map<string, { readonly said: string | undefined; readonly at: number }>();
  let turn: Promise<unknown> = Promise.resolve();

  const post = (room: string, what: 'join' | 'leave', meta?: string): Promise<unknown> => {
    const body = { sessionId: sessionId(), meta: meta && JSON.parse(meta) };
    return take(request('POST', `${pathOf(room)}/${what}`, body));
  };
  /** @returns whether the session is in the room; `anew`: since now. What is said there is read with the next beat. */
  const join = async (room: string, said: string | undefined): Promise<boolean | 'anew'> => {
    const before = entered.get(room);
    if (before && before.said === said) return true;
    const waitMs = before ? before.at + META_PACE_MS - clock.now() : 0;
    if (waitMs > 0) {
      timers.after(waitMs, () => run(false), `room-meta ${room}`);
      return true;
    }
    if ((await post(room, 'join', said)) === null) return before !== undefined;
    entered.set(room, { said, at: clock.now() });
    return before ? true : 'anew';
  };
  const round = async (wanted: WantedRooms, all: boolean): Promise<void> => {
    for (const room of [...entered.keys()].filter((other) => !wanted.has(other))) {
      entered.delete(room);
      await post(room, 'leave');
    }
    let left = MORE_PAGES;
    for (const [room, said] of wanted) {
      const isIn = await join(room, said);
      if (isOver()) return;
      if (isIn === 'anew' || (isIn && all)) left -= await readRoom(context, take, room, left);
    }
  };
  /** One after the other: what is said later must not be overtaken. @param all the rooms that it is in already as well */
  const run = (all: boolean): void => {
    if (entered.size === 0 && !demand().some(isRoom)) return;
    rooms.load((loaded) => {
      turn = turn.then(() => (isOver() ? undefined : round(loaded.wanted(demand()), all)));
    });
  };
  return run;
};
