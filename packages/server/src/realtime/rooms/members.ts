import {
  compactRow,
  fullRow,
  isMember,
  metasIn,
  project,
  type Instant,
  type LastSeenPrecision,
  type PresenceRecord,
} from '@presence/core';
import type { RoomMode } from '@presence/core/protocol';

/** Someone in a room, as far as this node knows. */
interface Member {
  /** Of the record that says so. */
  readonly revision: number;
  readonly at: Instant;
  readonly version: number;
  /** The row as it is told. */
  readonly json: string;
}

/** Who is in one room. */
export interface Members {
  /** Takes in what a read or the feed says of a user; the row to tell, or `null` where it is no news. */
  note(userId: string, record: PresenceRecord | null, at: Instant): string | null;
  /** While a scan runs, who left meanwhile is remembered: its pages may be older. */
  beginScan(): void;
  endScan(): void;
  clear(): void;
  rows(): string[];
  has(userId: string): boolean;
  userIds(): IterableIterator<string>;
  readonly size: number;
}

/** With what the member's sessions say of themselves there. Its JSON is written by the sessions' clients. */
const fullJson = (
  userId: string,
  record: PresenceRecord,
  room: string,
  precision: LastSeenPrecision,
): string => {
  const row = fullRow(project(userId, record, 'public', precision));
  const metas = metasIn(record, room);
  if (metas.length === 0) return JSON.stringify(row);
  const [id, status, version, since, lastSeenAt, details = {}] = row;
  const meta = metas.map((text) => JSON.parse(text) as unknown);
  return JSON.stringify([id, status, version, since, lastSeenAt, { ...details, meta }]);
};

export const createMembers = (
  room: string,
  precision: LastSeenPrecision,
  mode: () => RoomMode,
): Members => {
  const members = new Map<string, Member>();
  let left: Map<string, number> | null = null;

  const jsonOf = (userId: string, record: PresenceRecord): string =>
    mode() === 'full'
      ? fullJson(userId, record, room, precision)
      : JSON.stringify(compactRow(project(userId, record, 'public', precision)));

  const isOld = (userId: string, record: PresenceRecord | null, at: Instant): boolean => {
    const known = members.get(userId);
    if (!known) return record !== null && record.revision <= (left?.get(userId) ?? -1);
    return record === null ? at < known.at : record.revision < known.revision;
  };

  const enter = (userId: string, record: PresenceRecord, at: Instant): string | null => {
    const before = members.get(userId);
    const json = jsonOf(userId, record);
    const { revision } = record;
    const { version } = project(userId, record, 'public', precision);
    members.set(userId, { revision, at, version, json });
    left?.delete(userId);
    return json === before?.json ? null : json;
  };

  const exit = (userId: string, record: PresenceRecord | null): string | null => {
    const before = members.get(userId);
    if (record !== null) left?.set(userId, record.revision);
    if (!before) return null;
    members.delete(userId);
    return JSON.stringify([userId, 'gone', before.version]);
  };

  return {
    note: (userId, record, at) => {
      if (isOld(userId, record, at)) return null;
      return record !== null && isMember(record, room)
        ? enter(userId, record, at)
        : exit(userId, record);
    },
    beginScan: () => {
      left = new Map();
    },
    endScan: () => {
      left = null;
    },
    clear: () => members.clear(),
    rows: () => [...members.values()].map(({ json }) => json),
    has: (userId) => members.has(userId),
    userIds: () => members.keys(),
    get size() {
      return members.size;
    },
  };
};
