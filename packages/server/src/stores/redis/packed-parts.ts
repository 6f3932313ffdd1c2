import {
  roomsOf,
  STATUSES,
  type Claim,
  type LeaseId,
  type RoomStay,
  type Session,
  type View,
} from '@presence/core';
import {
  before,
  instant,
  NOTHING,
  packedList,
  trimmed,
  unpackedList,
  type From,
  type Item,
  type Row,
} from './packing.ts';

const USUAL_SESSION = [undefined, undefined, 0, 1, 0, null, null, null, null];

/** Releases before rooms read no further than the place before them. */
const packRooms = (rooms: readonly RoomStay[]): Row | null =>
  packedList(rooms, ({ room, meta }) => (meta === null ? [room] : [room, meta]));

const unpackRooms = (item: Item | undefined): readonly RoomStay[] =>
  unpackedList(item, ([room, meta = null]): RoomStay => ({
    room: room as string,
    meta: meta as string | null,
  }));

export const packSession = (from: From, holds: readonly LeaseId[], session: Session): Row => {
  const held = holds.indexOf(session.lease);
  const row: Row = [
    session.id,
    before(from, session.openedAt),
    held < 0 ? session.lease : held,
    session.generation,
    session.seq,
    session.device,
    before(from, session.idleSince),
    before(from, session.endsAt),
    packRooms(roomsOf(session)),
  ];
  return trimmed(row, USUAL_SESSION);
};

export const unpackSession = (from: From, holds: readonly LeaseId[], row: Row): Session => {
  const [id, openedAt, held = 0, generation = 1, seq = 0, device = null, idleSince, endsAt] = row;
  const rooms = unpackRooms(row[8]);
  return {
    id: id as string,
    lease: typeof held === 'number' ? holds[held]! : (held as LeaseId),
    generation: generation as number,
    seq: seq as number,
    idleSince: instant(from, idleSince),
    device: device as string | null,
    openedAt: instant(from, openedAt)!,
    endsAt: instant(from, endsAt),
    ...(rooms.length > 0 && { rooms }),
  };
};

const USUAL_CLAIM = [undefined, undefined, undefined, undefined, null, null, null, 0];

export const packClaim = (from: From, claim: Claim): Row => {
  const row: Row = [
    claim.source,
    STATUSES.indexOf(claim.status),
    claim.priority,
    before(from, claim.setAt),
    claim.message,
    claim.emoji,
    before(from, claim.until),
    claim.holdsAbsent ? 1 : 0,
  ];
  return trimmed(row, USUAL_CLAIM);
};

export const unpackClaim = (from: From, row: Row): Claim => {
  const [source, status, priority, setAt, message = null, emoji = null, until, holdsAbsent] = row;
  return {
    source: source as string,
    status: STATUSES[status as number]!,
    priority: priority as number,
    message: message as string | null,
    emoji: emoji as string | null,
    until: instant(from, until),
    setAt: instant(from, setAt)!,
    holdsAbsent: holdsAbsent === 1,
  };
};

const USUAL_VIEW = [undefined, 0, 0, null, null, null, null, null];

export const packView = (from: From, view: View): Row => {
  const row: Row = [
    before(from, view.version),
    STATUSES.indexOf(view.status),
    before(from, view.since),
    before(from, view.lastSeenAt),
    before(from, view.lastActiveAt),
    view.message,
    view.emoji,
    view.devices.length === 0 ? null : view.devices,
  ];
  return trimmed(row, USUAL_VIEW);
};

export const unpackView = (from: From, row: Row): View => {
  const [version, status = 0, since = 0, lastSeenAt, lastActiveAt, message, emoji, devices] = row;
  return {
    version: instant(from, version)!,
    status: STATUSES[status as number]!,
    since: instant(from, since),
    lastSeenAt: instant(from, lastSeenAt),
    lastActiveAt: instant(from, lastActiveAt),
    message: (message ?? null) as string | null,
    emoji: (emoji ?? null) as string | null,
    devices: (devices ?? NOTHING) as readonly string[],
  };
};
