import { viewOf, type CompactRow, type PresenceRecord } from '@presence/core';

/** What one reader was told of a tenant's users as they truly are. */
export interface TrueRows {
  /** Those of these that are news: not told yet, and not absent before and after. */
  news(readings: Iterable<readonly [userId: string, record: PresenceRecord | null]>): CompactRow[];
  /** A list of everybody follows: whoever it leaves out is not there. */
  begin(): void;
}

export const createTrueRows = (): TrueRows => {
  /** Versions of those who are there. */
  const told = new Map<string, number>();

  const rowOf = (userId: string, record: PresenceRecord | null): CompactRow | null => {
    const { status, version } = viewOf(record, 'true');
    const before = told.get(userId);
    if (before === undefined && status === 'offline') return null;
    // A record that was deleted ends like any other change.
    const now = record === null ? (before ?? 0) + 1 : version;
    if (before !== undefined && now <= before) return null;
    if (status === 'offline') told.delete(userId);
    else told.set(userId, now);
    return [userId, status, now];
  };

  return {
    news: (readings) => {
      const rows: CompactRow[] = [];
      for (const [userId, record] of readings) {
        const row = rowOf(userId, record);
        if (row) rows.push(row);
      }
      return rows;
    },
    begin: () => told.clear(),
  };
};
