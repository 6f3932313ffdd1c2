import type { Step } from '@presence/core';
import { sql } from 'kysely';
import { inPieces } from '../../shared/pieces.ts';
import { inKeyOrder, type Db } from '../dialect.ts';
import type { Parts } from '../parts.ts';
import type { Row } from '../tables.ts';

/** Rows of one statement. */
const MOST = 500;

/** What identifies a step. */
export const STEP_KEY = ['tenant', 'user_id', 'revision'] as const;

/** Steps of one user as rows. Both ids as they stand in columns. */
export const stepRows = (tenant: string, userId: string, steps: readonly Step[]): Row[] =>
  steps.map(({ revision, version, status, at, cause }) => [
    tenant,
    userId,
    revision,
    version,
    status,
    at,
    cause,
  ]);

/**
 * Writes steps, within the transaction of the commit that made them or later. Those that are there
 * already stay, so it may be done again.
 */
export const putSteps = async (
  { dialect, tables }: Pick<Parts, 'dialect' | 'tables'>,
  db: Db,
  rows: readonly Row[],
): Promise<void> => {
  if (rows.length === 0) return;
  for (const piece of inPieces(inKeyOrder(rows), MOST)) {
    await sql`${dialect.insert(tables.step, piece)} ${dialect.orKeep(STEP_KEY)}`.execute(db);
  }
};
