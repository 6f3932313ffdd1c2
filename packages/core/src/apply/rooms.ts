import type { JoinRoom, LeaveRoom } from '../commands.ts';
import { TOUCH_SESSION, type Session } from '../record.ts';
import { roomsOf, roomsWith, roomsWithout, withRooms, type RoomStay } from '../rooms.ts';
import {
  changed,
  refused,
  refusedLogin,
  replaceSession,
  same,
  sessionOf,
  type Context,
  type Outcome,
} from './context.ts';

/** The session if it lives, is a client's, and is held by whoever speaks. */
const heldSession = (
  { sessionId, generation }: JoinRoom | LeaveRoom,
  { record }: Context,
): Session | undefined => {
  const session = sessionId === TOUCH_SESSION ? undefined : sessionOf(record, sessionId);
  // A page that left does not come in again by a request that was under way.
  if (!session || session.endsAt !== null) return undefined;
  return generation === undefined || generation === session.generation ? session : undefined;
};

/** No view changes with it, so the cause stands in no step. */
const moved = ({ record }: Context, session: Session, rooms: readonly RoomStay[]): Outcome => {
  const after = withRooms(session, rooms);
  return changed({
    facts: { sessions: replaceSession(record.sessions, after) },
    cause: 'activity',
    session: after,
  });
};

export const joinRoom = (command: JoinRoom, context: Context): Outcome => {
  const code = refusedLogin(context.record, command);
  if (code) return refused(code);
  const session = heldSession(command, context);
  if (!session) return refused('session_gone');
  const before = roomsOf(session);
  const after = roomsWith(before, { room: command.room, meta: command.meta });
  if (after === null) return refused('invalid_request');
  return after === before ? same(session) : moved(context, session, after);
};

/** Who is not there has left: asking again, or too late, changes nothing. */
export const leaveRoom = (command: LeaveRoom, context: Context): Outcome => {
  const code = refusedLogin(context.record, command);
  if (code) return refused(code);
  const session = heldSession(command, context);
  if (!session) return refused('session_gone');
  const before = roomsOf(session);
  const after = roomsWithout(before, command.room);
  return after === before ? same(session) : moved(context, session, after);
};
