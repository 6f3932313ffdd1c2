import { STATUSES, TENANT_SCOPE, type Status } from '@presence/core';
import type { Engine } from '../engine/types.ts';
import { compactJson, type Entry } from './audience.ts';
import type { Known } from './known.ts';
import type { LiveTime } from './live-time.ts';
import { createPaced, type Paced } from './paced.ts';

/** Rows of one frame of a tenant's snapshot. */
const FRAME_ROWS = 500;

const PAGE = 500;

const PRESENT: readonly Status[] = STATUSES.filter((status) => status !== 'offline');

/** Everybody in the tenant who is not offline, kept up to date by the feed while somebody watches. */
export interface Roster extends Paced {
  /** Rows in pieces of a frame each; at least one piece. */
  pieces(): readonly string[];
}

interface Parts {
  readonly tenant: string;
  readonly engine: Engine;
  readonly known: Known;
  readonly time: LiveTime;
}

export const createRoster = ({ tenant, engine, known, time }: Parts): Roster => {
  let scans = 0;

  const readPages = async (scan: number): Promise<void> => {
    const query = { tenant, scope: TENANT_SCOPE, status: PRESENT, limit: PAGE };
    let after: string | null = '';
    while (after !== null) {
      const page: Awaited<ReturnType<Engine['find']>> = await engine.find({ ...query, after });
      for (const { key, record, at } of page.items) {
        const entry = known.entryOf(key.userId);
        entry.scan = scan;
        known.note(entry, record, at);
      }
      after = page.end;
    }
  };

  /** Known as present, and not met: gone without a message, or come after the scan had passed them. */
  const missed = (scan: number): Entry[] =>
    [...known.entries.values()].filter(
      (entry) => entry.scan !== scan && entry.version > 0 && entry.status !== 'offline',
    );

  const scan = async (): Promise<void> => {
    scans += 1;
    const number = scans;
    await readPages(number);
    await known.readAll(missed(number));
  };

  return {
    ...createPaced(time, scan),
    pieces: () => {
      const pieces: string[] = [];
      let rows: string[] = [];
      for (const entry of known.entries.values()) {
        if (entry.status === 'offline') continue;
        rows.push(compactJson(entry));
        if (rows.length < FRAME_ROWS) continue;
        pieces.push(rows.join(','));
        rows = [];
      }
      if (rows.length > 0 || pieces.length === 0) pieces.push(rows.join(','));
      return pieces;
    },
  };
};
