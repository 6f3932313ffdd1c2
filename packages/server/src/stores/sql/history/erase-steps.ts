import { sql } from 'kysely';
import type { Instant, Key } from '@presence/core';
import { inPieces } from '../../shared/pieces.ts';
import { inKeyOrder } from '../dialect.ts';
import type { Parts } from '../parts.ts';
import type { Row } from '../tables.ts';
import { STEP_KEY } from './put-steps.ts';

const OWNER = ['tenant', 'user_id'] as const;

/** Rows deleted in one statement: others wait for it. */
const MOST = 5000;

/** Whoever adds steps gives up on what is under way for longer. */
const ERASURE_KEPT_MS = 3_600_000;

const deleted = (result: { readonly numAffectedRows?: bigint | undefined }): number =>
  Number(result.numAffectedRows ?? 0);

/**
 * Says first that the history is erased and deletes then, each a transaction of its own: whoever adds
 * steps looks afterwards whether they were erased meanwhile, so that one of both deletes them.
 */
export const eraseSteps = async (parts: Parts, key: Key, below: number): Promise<number> => {
  const { db, dialect, tables, texts, now } = parts;
  const { erasure, step } = tables;
  const owner: Row = [texts.in(key.tenant), texts.in(key.userId)];
  const { rows } = await sql<{ now: unknown }>`select ${now()} as now`.execute(db);
  const row: Row = [...owner, below, Number(rows[0]!.now)];
  await sql`${dialect.insert(erasure, [row])} ${dialect.onConflict(OWNER)}
    below = ${dialect.given('below')}, at = ${dialect.given('at')}`.execute(db);
  const own = sql<boolean>`tenant = ${owner[0]} and user_id = ${owner[1]}`;
  let erased = 0;
  for (;;) {
    const count = deleted(await dialect.deleteSome(step, STEP_KEY, own, MOST).execute(db));
    erased += count;
    if (count < MOST) return erased;
  }
};

/** Deletes what was just added of users whose history was erased meanwhile. */
export const dropErased = async (parts: Parts, users: readonly Row[]): Promise<void> => {
  const { db, dialect, tables } = parts;
  for (const piece of inPieces(inKeyOrder(users), 500)) {
    if (piece.length === 0) return;
    const { rows } = await sql<{ tenant: string; user_id: string; below: unknown }>`select
      tenant, user_id, below from ${tables.erasure.name}
      where ${dialect.among(OWNER, piece)}`.execute(db);
    for (const { tenant, user_id, below } of rows) {
      await sql`delete from ${tables.step.name} where tenant = ${tenant} and user_id = ${user_id}
        and revision < ${Number(below)}`.execute(db);
    }
  }
};

export const trimSteps = async (
  { db, dialect, tables, now }: Parts,
  before: Instant,
  limit: number,
) => {
  const { step, erasure } = tables;
  const old = sql<boolean>`at < ${before}`;
  const trimmed = deleted(await dialect.deleteSome(step, STEP_KEY, old, limit).execute(db));
  const over = sql<boolean>`at < ${now()} - ${sql.lit(ERASURE_KEPT_MS)}`;
  await dialect.deleteSome(erasure, OWNER, over, limit).execute(db);
  return { trimmed, more: trimmed === limit };
};
