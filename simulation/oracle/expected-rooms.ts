import { expectedOf } from './expected.ts';
import { endOf, type KnownSession, type KnownUser } from './facts.ts';
import { SLACK_MS } from './timing.ts';

/** Whether others must see somebody in a room, must not, or may. */
export type Membership = 'in' | 'out' | 'unsure';

const isSurelyIn = (session: KnownSession, room: string, at: number): boolean =>
  session.rooms.get(room)?.isSure === true && at < endOf(session).from;

const mayBeIn = (session: KnownSession, room: string, at: number): boolean =>
  session.rooms.has(room) && at < endOf(session).by;

/** Sessions of one user are one member; whoever hides or is offline is none. */
export const membershipOf = (user: KnownUser, room: string, at: number): Membership => {
  const { public: statuses } = expectedOf(user, at);
  const sessions = [...user.sessions.values()];
  const mayBePresent = [...statuses].some((status) => status !== 'offline');
  if (!mayBePresent || !sessions.some((session) => mayBeIn(session, room, at))) return 'out';
  const isPresent = !statuses.has('offline') && !user.isUnsure;
  return isPresent && sessions.some((session) => isSurelyIn(session, room, at)) ? 'in' : 'unsure';
};

/** What others must see that the sessions say of themselves there; `null` where that is not certain. */
export const metasOf = (user: KnownUser, room: string, at: number): readonly string[] | null => {
  const metas: string[] = [];
  for (const session of user.sessions.values()) {
    const stay = session.rooms.get(room);
    if (!stay) continue;
    if (!isSurelyIn(session, room, at)) return null;
    if (stay.meta !== null) metas.push(stay.meta);
  }
  return metas.sort();
};

/** Whether others may, or must, be told that somebody types: `out` for certainly not. */
export const typingOf = (user: KnownUser, room: string, at: number): Membership => {
  const typing = user.typing.get(room);
  if (!typing || at >= typing.until) return 'out';
  // Where anything happened since, they may have left for a moment: that ends it.
  const isUntouched = user.touchedAt <= typing.saidAt;
  const isSure = typing.isSure && isUntouched && membershipOf(user, room, at) === 'in';
  return isSure && at < typing.until - SLACK_MS ? 'in' : 'unsure';
};
