import type { PresenceRecord, Session } from './record.ts';

/** Rooms of one session: each is an entry of the store's index that every change of status rewrites. */
export const MOST_ROOMS = 50;

/** A room that a session is in. */
export interface RoomStay {
  /** 1 to 128 characters. */
  readonly room: string;
  /** What the session says of itself there, as JSON of at most 256 bytes; `null`: nothing. */
  readonly meta: string | null;
}

const NOWHERE: readonly RoomStay[] = Object.freeze([]);

/** Most sessions are in no room, and hold no list for it. */
export const roomsOf = ({ rooms = NOWHERE }: Pick<Session, 'rooms'>): readonly RoomStay[] => rooms;

const stayIn = (session: Session, room: string): RoomStay | undefined =>
  roomsOf(session).find((stay) => stay.room === room);

/** Whether this session is in the room. */
export const isInRoom = (session: Session, room: string): boolean =>
  stayIn(session, room) !== undefined;

/** What the session had, with the list left out where it is empty. */
export const withRooms = (session: Session, rooms: readonly RoomStay[]): Session => {
  const { rooms: _, ...rest } = session;
  return rooms.length === 0 ? rest : { ...rest, rooms };
};

/** The rooms that a user is in with any session, each once. */
export const roomsOfUser = ({ sessions }: PresenceRecord): readonly string[] => {
  const rooms = new Set<string>();
  for (const session of sessions) for (const { room } of roomsOf(session)) rooms.add(room);
  return rooms.size === 0 ? [] : [...rooms].sort();
};

/**
 * Whether others see the user in the room: with a session in it, and neither hidden nor offline. Many
 * sessions of one user are one member.
 */
export const isMember = (record: PresenceRecord | null, room: string): boolean =>
  record !== null &&
  record.visibility === 'visible' &&
  record.public.status !== 'offline' &&
  record.sessions.some((session) => isInRoom(session, room));

/** What the user's sessions say of themselves in the room, as JSON, in the order in which they opened. */
export const metasIn = ({ sessions }: PresenceRecord, room: string): readonly string[] =>
  sessions.flatMap((session) => stayIn(session, room)?.meta ?? []);
