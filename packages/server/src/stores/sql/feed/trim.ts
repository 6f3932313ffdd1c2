import type { Instant } from '@presence/core';
import { sql } from 'kysely';
import type { Parts } from '../parts.ts';

/** How long a message waits for nodes that poll. Whoever comes later takes a snapshot. */
const KEPT_MS = 60_000;
const EVERY_MS = 5000;
const MOST = 20_000;

export const trimFeed = ({ db, dialect, tables }: Parts): ((at: Instant) => Promise<void>) => {
  let trimmedAt = -Infinity;
  return async (at) => {
    if (at - trimmedAt < EVERY_MS) return;
    trimmedAt = at;
    const condition = sql<boolean>`at < ${at - KEPT_MS}`;
    await dialect.deleteSome(tables.change, ['tenant', 'seq'], condition, MOST).execute(db);
  };
};
