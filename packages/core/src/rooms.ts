import type { PresenceRecord, Session } from './record.ts';

/** Rooms of one session: each is an entry of the store's index that every change of status rewrites. */
export const MOST_ROOMS = 50;

/** Bytes of what a session says of itself in a room, as JSON. */
export const META_BYTES = 256;

/** Bytes as UTF-8: one for each unit that needs no escape, else one for each of its escapes. */
const bytesOf = (json: string): number =>
  encodeURIComponent(json).replaceAll(/%[0-9A-F]{2}/g, ' ').length;

/** Whether this is no more than a session may say of itself in a room. @param json as `JSON.stringify` writes it */
export const fitsMeta = (json: string): boolean =>
  json.length <= META_BYTES && bytesOf(json) <= META_BYTES;

/** A room that a session is in. */
export interface RoomStay {
  /** 1 to 128 characters. */
  readonly room: string;
  /** What the session says of itself there, as JSON of at most 256 bytes; `null`: nothing. */
  readonly meta: string | null;
}

/** As much of a session as rooms are about. */
type Staying = Pick<Session, 'rooms'>;

const NOWHERE: readonly RoomStay[] = Object.freeze([]);

/** Most sessions are in no room, and hold no list for it. */
export const roomsOf = ({ rooms = NOWHERE }: Staying): readonly RoomStay[] => rooms;

const stayIn = (session: Staying, room: string): RoomStay | undefined =>
  roomsOf(session).find((stay) => stay.room === room);

/** Whether this session is in the room. */
export const isInRoom = (session: Staying, room: string): boolean =>
  stayIn(session, room) !== undefined;

/**
 * The rooms of a session that joins one, or says something else of itself there; `null`: it is in as many as it may be. The
 * same list where nothing changes.
 */
export const roomsWith = (
  before: readonly RoomStay[],
  { room, meta }: RoomStay,
): readonly RoomStay[] | null => {
  const stay = before.find((one) => one.room === room);
  if (stay?.meta === meta) return before;
  if (stay) return before.map((one) => (one === stay ? { room, meta } : one));
  return before.length < MOST_ROOMS ? before.concat({ room, meta }) : null;
};

/** The rooms of a session that leaves one. The same list where nothing changes. */
export const roomsWithout = (before: readonly RoomStay[], left: string): readonly RoomStay[] => {
  const rooms = before.filter(({ room }) => room !== left);
  return rooms.length === before.length ? before : rooms;
};

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
export const metasIn = (
  { sessions }: { readonly sessions: readonly Staying[] },
  room: string,
): readonly string[] => sessions.flatMap((session) => stayIn(session, room)?.meta ?? []);
