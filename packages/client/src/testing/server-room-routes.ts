import { ERRORS, type ErrorCode } from '@presence/core';
import type { JoinRequest, TypingRequest } from '@presence/core/protocol';
import type { ScriptedState } from './scripted-state.ts';

/** What a route of rooms answers: a body, nothing, or an error. */
export interface RoomRouteAnswer {
  readonly status: number;
  readonly code?: ErrorCode;
  readonly body?: unknown;
}

const DEFAULT_PAGE = 100;

const PATH = /^\/rooms\/([^/]+)(?:\/(join|leave|typing))?$/;

const ended = (code: ErrorCode | undefined): RoomRouteAnswer =>
  code ? { status: ERRORS[code].httpStatus, code } : { status: 204 };

/** The routes below `/rooms`; `undefined`: there is none. */
export const roomRoute = (
  { rooms, sessions }: ScriptedState,
  userId: string,
  method: string,
  path: string,
  query: URLSearchParams,
  body: unknown,
): RoomRouteAnswer | undefined => {
  const [, named = '', what] = PATH.exec(path) ?? [];
  const room = decodeURIComponent(named);
  if (room === '' || method !== (what ? 'POST' : 'GET')) return undefined;
  if (!what) {
    const limit = Number(query.get('limit') ?? DEFAULT_PAGE);
    return { status: 200, body: rooms.page(room, limit, query.get('cursor') ?? '') };
  }
  const { sessionId, meta, state } = body as JoinRequest & TypingRequest;
  const session = sessions.get(sessionId);
  if (session?.userId !== userId) return ended('session_gone');
  if (what === 'join') return ended(rooms.join(session, room, meta));
  if (what === 'typing') return ended(rooms.type(session, room, state));
  rooms.leave(session, room);
  return ended(undefined);
};
