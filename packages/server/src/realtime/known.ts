import { project, type Instant, type Presence, type PresenceRecord } from '@presence/core';
import type { Engine, Reading } from '../engine/types.ts';
import { createEntry, type Entry } from './audience.ts';
import type { LiveTime } from './live-time.ts';

/**
 * What was read from the store so lately is not read again for the next viewer: in between, the
 * feed keeps it up to date.
 */
export const READ_AGAIN_MS = 1000;

/** Users asked of the store at once. */
const READ_BATCH = 500;

/** The newest public presence of each user whom somebody on this node watches. */
export interface Known {
  readonly entries: ReadonlyMap<string, Entry>;
  /** Counts the changes that became known, so that snapshots and changes can be put in order. */
  seq(): number;
  /** The latest instant of the store's clock that was heard of. */
  asOf(): Instant;
  /** Finds or begins it. */
  entryOf(userId: string): Entry;
  /** Takes in what a read or the feed says; an older version says nothing. */
  note(entry: Entry, record: PresenceRecord | null, at: Instant): void;
  /** Reads those of which nothing was read lately, each once for everybody who waits. */
  refresh(entries: readonly Entry[]): Promise<void>;
  /** Reads them all, as after lost messages. */
  readAll(entries: readonly Entry[]): Promise<void>;
  forget(entry: Entry): void;
}

interface Parts {
  readonly tenant: string;
  readonly engine: Engine;
  readonly time: LiveTime;
  onChange(entry: Entry, wasUnknown: boolean): void;
}

const versionOf = (entry: Entry, record: PresenceRecord | null, at: Instant): number => {
  if (record) return record.public.version;
  // A record that was deleted while others saw the user present: its end is a change like any other.
  return entry.version > 0 && entry.status !== 'offline' ? Math.max(entry.version + 1, at) : 0;
};

const rowOf = (entry: Entry, record: PresenceRecord | null, at: Instant): Presence =>
  record || entry.version <= 0
    ? project(entry.userId, record, 'public')
    : {
        userId: entry.userId,
        status: 'offline',
        since: at,
        lastSeenAt: null,
        version: entry.version,
      };

export const createKnown = ({ tenant, engine, time, onChange }: Parts): Known => {
  const entries = new Map<string, Entry>();
  let seq = 0;
  let asOf: Instant = 0;

  const note = (entry: Entry, record: PresenceRecord | null, at: Instant): void => {
    if (at > asOf) asOf = at;
    if (at > entry.knownAt) entry.knownAt = at;
    const version = versionOf(entry, record, at);
    if (version < entry.version) return;
    const isNews = version > entry.version;
    const wasUnknown = entry.version < 0;
    if (isNews) {
      seq += 1;
      entry.seq = seq;
      entry.version = version;
      entry.status = record?.public.status ?? 'offline';
      entry.json = '';
    }
    if (entry.groups !== null && entry.json === '') {
      entry.json = JSON.stringify(rowOf(entry, record, at));
    }
    if (isNews) onChange(entry, wasUnknown);
  };

  const take = (readings: readonly Reading[]): void => {
    const readAt = time.now();
    for (const { key, record, at } of readings) {
      const entry = entries.get(key.userId);
      if (!entry) continue;
      entry.readAt = readAt;
      note(entry, record, at);
    }
  };

  const read = (batch: readonly Entry[]): Promise<void> => {
    const reading = engine
      .readMany(batch.map(({ userId }) => ({ tenant, userId })))
      .then(take)
      .finally(() => {
        for (const entry of batch) entry.reading = null;
      });
    for (const entry of batch) entry.reading = reading;
    return reading;
  };

  const readAll = async (wanted: readonly Entry[]): Promise<void> => {
    for (let start = 0; start < wanted.length; start += READ_BATCH) {
      await read(wanted.slice(start, start + READ_BATCH));
    }
  };

  const isOld = (entry: Entry, now: number): boolean =>
    entry.json === '' || entry.readAt < 0 || now - entry.readAt > READ_AGAIN_MS;

  const refresh = async (wanted: readonly Entry[]): Promise<void> => {
    const now = time.now();
    const old = wanted.filter((entry) => isOld(entry, now));
    const underWay = new Set(old.flatMap(({ reading }) => reading ?? []));
    const unread = old.filter(({ reading }) => reading === null);
    if (unread.length > 0) underWay.add(read(unread));
    await Promise.all(underWay);
  };

  return {
    entries,
    seq: () => seq,
    asOf: () => asOf,
    entryOf: (userId) => {
      let entry = entries.get(userId);
      if (!entry) {
        entry = createEntry(userId);
        entries.set(userId, entry);
      }
      return entry;
    },
    note,
    refresh,
    readAll,
    forget: ({ userId }) => void entries.delete(userId),
  };
};
