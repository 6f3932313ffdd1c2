import { fullRow } from '@presence/core';
import type { RoomAnswer } from '@presence/core/protocol';
import type { RoomFrame } from '../facts.ts';
import { ROOM_ID } from '../numbers.ts';
import type { Failure } from './failures.ts';
import type { LinkContext } from './presence-link.ts';
import type { Answer } from './request.ts';

/** Members of a room who are asked for: those beyond are counted. */
const ROOM_PAGE = 500;

export const isRoom = (id: string): boolean => id.startsWith(ROOM_ID);

/** A room as a route tells it, in the words of a link that is told of changes. */
const frameOf = ({ room, members, count, typing, asOf }: RoomAnswer): RoomFrame => ({
  type: 'snapshot',
  watch: '',
  room,
  mode: 'full',
  count,
  presences: members.map(fullRow),
  typing,
  asOf,
});

/** Rooms by requests: entered when they are wanted, read with each beat, left when nobody wants them. */
export const createHttpRooms = (
  { request, learn, listeners, rooms }: LinkContext,
  parts: {
    readonly isOver: () => boolean;
    readonly end: (failure: Failure) => void;
    readonly sessionId: () => string | undefined;
  },
) => {
  const { isOver, end, sessionId } = parts;
  const entered = new Set<string>();

  /** A room that may not be had is no reason to end the link. */
  const take = async <T>(answer: Promise<Answer<T>>): Promise<T | null> => {
    const { body, failure } = await answer;
    if (isOver()) return null;
    if (failure?.code === 'network') end(failure);
    else if (failure) listeners.fail({ code: failure.code, message: failure.message });
    return failure ? null : body;
  };
  const post = (id: string, what: 'join' | 'leave'): Promise<unknown> =>
    take(request('POST', `${pathOf(id)}/${what}`, { sessionId: sessionId() }));

  return async (ids: readonly string[]): Promise<void> => {
    for (const id of [...entered].filter((other) => !ids.includes(other))) {
      entered.delete(id);
      await post(id, 'leave');
    }
    for (const id of ids) {
      if (!entered.has(id)) {
        if ((await post(id, 'join')) === null) continue;
        entered.add(id);
      }
      const answer = await take(request<RoomAnswer>('GET', `${pathOf(id)}?limit=${ROOM_PAGE}`));
      if (answer) rooms.load(() => learn({ rooms: [frameOf(answer)] }));
    }
  };
};

const pathOf = (id: string): string => `/rooms/${encodeURIComponent(id.slice(ROOM_ID.length))}`;
