import {
  fullRow,
  project,
  toldVersion,
  withPrecision,
  type Instant,
  type Presence,
  type PresenceRecord,
} from '@presence/core';
import type { Engine } from '../engine/types.ts';
import type { Entry } from './audience.ts';
import { createEntries, type Entries } from './entries.ts';
import type { LiveTime } from './live-time.ts';
import { createReadings, type Readings } from './readings.ts';

/** The newest public presence of each user whom somebody on this node watches. */
export interface Known extends Readings, Omit<Entries, 'byId'> {
  readonly entries: Entries['byId'];
  /** Counts the changes that became known, so that snapshots and changes can be put in order. */
  seq(): number;
  /** The latest instant of the store's clock that was heard of. */
  asOf(): Instant;
  /** Takes in what a read or the feed says; an older version says nothing. */
  note(entry: Entry, record: PresenceRecord | null, at: Instant, isCommit?: boolean): void;
}

interface Parts {
  readonly tenant: string;
  readonly engine: Engine;
  readonly time: LiveTime;
  onChange(entry: Entry, wasUnknown: boolean): void;
  /** Whether somebody watches the user by id, and wants the full row. */
  isWatched(entry: Entry): boolean;
}

/**
 * A record that was deleted while others saw the user present ends like any other change. That
 * there is none has to be newer than what is known: a read may have begun before the record did. And
 * it is older than whatever comes next: a record has the instant of the load that it began with, which
 * may be earlier than this read. All nodes say it with the same version, whenever they look.
 */
const versionOf = (
  { version, status, knownAt }: Entry,
  record: PresenceRecord | null,
  at: Instant,
  isCommit: boolean,
): number => {
  if (record) return record.public.version;
  if (version <= 0 || status === 'offline') return 0;
  return at > knownAt || (isCommit && at === knownAt) ? version + 1 : 0;
};

/** The same on all nodes for the same version. */
const shownOf = (entry: Entry, record: PresenceRecord | null): Presence =>
  record || entry.version <= 0
    ? project(entry.userId, record, 'public')
    : {
        userId: entry.userId,
        status: 'offline',
        since: entry.version,
        lastSeenAt: null,
        version: entry.version,
      };

export const createKnown = (parts: Parts): Known => {
  const { tenant, engine, time, onChange, isWatched } = parts;
  const { lastSeenPrecision } = engine.policyOf(tenant);
  const { byId, ...entries } = createEntries();
  let seq = 0;
  let asOf: Instant = 0;

  const note: Known['note'] = (entry, record, at, isCommit = false) => {
    const version = versionOf(entry, record, at, isCommit);
    if (at > asOf) asOf = at;
    if (at > entry.knownAt) entry.knownAt = at;
    if (version < entry.version) return;
    const isNews = version > entry.version;
    const wasUnknown = entry.version < 0;
    if (isNews) {
      seq += 1;
      entry.seq = seq;
      entry.version = version;
      entry.told = toldVersion(version, lastSeenPrecision);
      entry.status = record?.public.status ?? 'offline';
      entry.json = '';
    }
    if (entry.json === '' && isWatched(entry)) {
      const shown = withPrecision(shownOf(entry, record), lastSeenPrecision);
      entry.json = JSON.stringify(fullRow(shown));
    }
    if (isNews) onChange(entry, wasUnknown);
  };

  return {
    ...entries,
    entries: byId,
    seq: () => seq,
    asOf: () => asOf,
    note,
    ...createReadings({ tenant, engine, time, note, isKept: entries.isKept }),
  };
};
