import {
  roomModeFor,
  roomScope,
  STATUSES,
  type Clock,
  type Instant,
  type PresenceRecord,
} from '@presence/core';
import type { RoomMode, Typist } from '@presence/core/protocol';
import type { Engine } from '../../engine/types.ts';
import type { RoomWatchers, Watch } from '../audience.ts';
import type { LiveTime } from '../live-time.ts';
import type { Outbox } from '../outbox.ts';
import { createPaced } from '../paced.ts';
import { sharedFrame } from '../shared-frame.ts';
import { createWindow } from '../window.ts';
import { createMembers } from './members.ts';
import { createRoomFrames } from './room-frames.ts';
import { createWatchers, type Changed } from './watchers.ts';

/** A room that somebody on this node watches: who is in it, and who is told. */
export interface WatchedRoom extends RoomWatchers {
  /** Registers a watch; resolves when the room is known. */
  begin(watch: Watch): Promise<void>;
  /** Sends the snapshot; what changes from then on follows it. */
  join(watch: Watch): void;
  /** Whether a commit of somebody who is not in the room may matter to it. */
  concerns(userId: string): boolean;
  /** A commit of somebody in the tenant. */
  seen(userId: string, record: PresenceRecord | null, at: Instant): void;
  typing(typist: Typist): void;
  /** Messages were lost: reads the room anew. */
  reread(): Promise<void>;
  stop(): void;
  readonly watches: number;
}

export interface RoomParts {
  readonly tenant: string;
  readonly room: string;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly time: LiveTime;
  readonly outbox: Outbox;
  /** Who types there now. */
  typists(room: string): readonly { readonly userId: string; readonly leftMs: number }[];
  /** Nobody watches it any more. */
  onUnwatched(room: string): void;
}

const PRESENT = STATUSES.filter((status) => status !== 'offline');

const PAGE = 500;

/**
 * Changes of a big room travel together for so long: of one of 5,000 in a room in which every tenth changes each minute, 350 bytes
 * a second are told instead of 730 (`bench/room.ts`).
 */
const COMPACT_WINDOW_MS = 500;

/** Where only the number is told, it is counted anew no more often than this, whoever comes and goes. */
const COUNT_WINDOW_MS = 2000;

/** A snapshot is given to those who join this soon after it was made. */
const SHARED_FOR_MS = 1000;

// oxlint-disable-next-line max-lines-per-function -- one room's state, and the few steps that change it
export const createWatchedRoom = (parts: RoomParts): WatchedRoom => {
  const { tenant, room, engine, clock, time, outbox } = parts;
  const { lastSeenPrecision, fanOutMs } = engine.policyOf(tenant);
  const scope = roomScope(room);
  const watchers = createWatchers(outbox);
  let mode: RoomMode = 'full';
  /** What those who have a snapshot go by; another one than `mode` while the room is read for it. */
  let toldMode: RoomMode = 'full';
  const members = createMembers(room, lastSeenPrecision, () => mode);
  const pending = new Map<string, Changed>();
  let seq = 0;
  let asOf: Instant = 0;
  let counted = 0;
  let isReading = false;

  const count = (): number => (mode === 'count' ? counted : members.size);
  const frames = createRoomFrames(room, () => ({
    mode,
    count: count(),
    asOf,
    rows: mode === 'count' ? [] : members.rows(),
    typing: parts
      .typists(room)
      .map(({ userId, leftMs }) => ({ userId, until: asOf + Math.round(leftMs) })),
  }));

  const note = (userId: string, record: PresenceRecord | null, at: Instant): void => {
    asOf = Math.max(asOf, at);
    const json = members.note(userId, record, at);
    if (json === null) return;
    seq += 1;
    // Behind the others, so that what waits stands in the order of the count.
    pending.delete(userId);
    pending.set(userId, { seq, json });
    window.open(mode === 'compact' ? COMPACT_WINDOW_MS : 0);
  };

  const readPages = async (): Promise<void> => {
    const met = new Set<string>();
    let after: string | null = '';
    while (after !== null) {
      const page: Awaited<ReturnType<Engine['find']>> = await engine.find({
        tenant,
        scope,
        status: PRESENT,
        after,
        limit: PAGE,
      });
      for (const { key, record, at } of page.items) {
        met.add(key.userId);
        note(key.userId, record, at);
      }
      after = page.end;
    }
    // Gone without a message, or come after the pages had passed them.
    const missed = [...members.userIds()].filter((userId) => !met.has(userId));
    const keys = missed.map((userId) => ({ tenant, userId }));
    for (const { key, record, at } of await engine.readMany(keys)) note(key.userId, record, at);
  };

  const readMembers = async (): Promise<void> => {
    members.beginScan();
    try {
      await readPages();
    } finally {
      members.endScan();
    }
  };

  const sendSnapshot = (watch: Watch): void => {
    // Of one second: who types then, and up to when it is known to hold, are part of it.
    const moment = `${seq} ${Math.floor(time.now() / SHARED_FOR_MS)}`;
    outbox.snapshot(watch.link, frames.snapshot(watch.id, moment));
    watchers.joined(watch, seq);
  };

  const sendAll = (): void => {
    toldMode = mode;
    pending.clear();
    frames.forget();
    for (const watch of watchers.all()) sendSnapshot(watch);
  };

  const sendCount = (): void => {
    frames.forget();
    const links = watchers.all().map(({ link }) => link);
    outbox.rowsToAll(links, frames.changes([]), null);
  };

  /** How many they are decides what is told of them, and rows of another kind are made anew. */
  const readRoom = async (): Promise<void> => {
    const before = counted;
    const { at, byStatus } = await engine.count({ tenant, scope });
    counted = PRESENT.reduce((sum, status) => sum + byStatus[status], 0);
    asOf = Math.max(asOf, at);
    mode = roomModeFor(counted, mode);
    if (mode !== toldMode) members.clear();
    if (mode !== 'count') await readMembers();
    if (mode !== toldMode) sendAll();
    else if (mode === 'count' && counted !== before) sendCount();
  };
  const paced = createPaced(time, async () => {
    isReading = true;
    try {
      await readRoom();
    } finally {
      isReading = false;
    }
  });

  const reread = async (): Promise<void> => {
    paced.expire();
    await paced.fresh();
  };

  /** What fails is tried again with the next change: nobody is told anything wrong meanwhile. */
  const rereadQuietly = (): void => void reread().catch(() => undefined);
  const counting = createWindow({ clock, windowMs: COUNT_WINDOW_MS, flush: rereadQuietly });

  const window = createWindow({
    clock,
    windowMs: fanOutMs,
    flush: () => {
      // Half of a room is not told of.
      if (isReading) return window.open();
      if (roomModeFor(members.size, mode) !== mode) return rereadQuietly();
      const changed = [...pending.values()];
      pending.clear();
      frames.forget();
      if (changed.length > 0) watchers.tell(changed, (rows) => frames.changes(rows));
    },
  });

  return {
    begin: async (watch) => {
      watchers.add(watch);
      const turn = window.arrived();
      if (turn !== null) await turn;
      await paced.fresh();
    },
    join: sendSnapshot,
    end: (watch) => {
      watchers.remove(watch);
      if (watchers.size === 0) parts.onUnwatched(room);
    },
    resend: (watch) => {
      if (watchers.hasJoined(watch)) sendSnapshot(watch);
    },
    // While it is read, that somebody is not in it overtakes the page that says so.
    concerns: (userId) => mode === 'count' || isReading || members.has(userId),
    seen: (userId, record, at) => {
      if (mode === 'count') counting.open();
      else note(userId, record, at);
    },
    typing: ({ userId, until }) => {
      if (mode === 'count') return;
      const frame = { type: 'typing', room, userId, until, asOf: clock.now() };
      const shared = sharedFrame(JSON.stringify(frame));
      for (const { link } of watchers.all()) outbox.hint(link, shared);
    },
    reread,
    stop: () => {
      window.stop();
      counting.stop();
    },
    get watches() {
      return watchers.size;
    },
  };
};
