import type { Instant } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../dialect.ts';
import { appendToFeed } from '../feed/append.ts';
import { putSteps } from '../history/put-steps.ts';
import { OUTBOX_KEY, OUTBOX_OWNER } from '../outbox/rows.ts';
import type { Parts } from '../parts.ts';
import type { Row, Table } from '../tables.ts';
import type { Changes } from './changes.ts';

const run = (tx: Db, statement: RawBuilder<unknown>): Promise<unknown> => statement.execute(tx);

const remove = async (
  { dialect }: Parts,
  tx: Db,
  { name }: Table,
  columns: readonly string[],
  keys: readonly Row[],
): Promise<void> => {
  if (keys.length > 0)
    await run(tx, sql`delete from ${name} where ${dialect.among(columns, keys)}`);
};

const add = async (
  { dialect }: Parts,
  tx: Db,
  table: Table,
  rows: readonly Row[],
): Promise<void> => {
  if (rows.length > 0) await run(tx, dialect.insert(table, rows));
};

/** Rows that are there and locked become these. */
const replace = async (
  { dialect }: Parts,
  tx: Db,
  table: Table,
  keys: readonly string[],
  rows: readonly Row[],
): Promise<void> => {
  if (rows.length === 0) return;
  const values = Object.keys(table.columns)
    .filter((column) => !keys.includes(column))
    .map((column) => sql`${sql.ref(column)} = ${dialect.given(column)}`);
  await run(
    tx,
    sql`${dialect.insert(table, rows)} ${dialect.onConflict(keys)} ${sql.join(values)}`,
  );
};

/** Whoever renewed a lease meanwhile keeps it for as long as they were told. */
const grant = async ({ dialect, tables }: Parts, tx: Db, rows: readonly Row[]): Promise<void> => {
  if (rows.length === 0) return;
  const { lease } = tables;
  const longest = dialect.greatest(
    sql.ref(`${lease.text}.expires_at`),
    dialect.given('expires_at'),
  );
  await run(
    tx,
    sql`${dialect.insert(lease, rows)} ${dialect.onConflict(['id'])}
      expires_at = ${longest}, pardon = ${dialect.given('pardon')}`,
  );
};

/** What was given up of users who are forgotten is forgotten too. What waits is told still. */
const putOutbox = async (
  { dialect, tables }: Parts,
  tx: Db,
  { outbox, goneOutbox }: Changes,
): Promise<void> => {
  const { name } = tables.outbox;
  if (goneOutbox.length > 0) {
    const owned = dialect.among(OUTBOX_OWNER, goneOutbox);
    await run(tx, sql`delete from ${name} where ${owned} and failed_at > 0`);
  }
  if (outbox.length === 0) return;
  await run(tx, sql`${dialect.insert(tables.outbox, outbox)} ${dialect.orKeep(OUTBOX_KEY)}`);
};

const OWNER = ['tenant', 'user_id'];
const HOLD = ['lease_id', 'solo', 'tenant', 'user_id'];
const ENTRY = ['tenant', 'scope', 'status', 'user_id'];

/**
 * Makes the changes true. The counter of a tenant's feed comes last: it lets one at a time through.
 *
 * @returns the clock when everything was waited for; `null`: there is nothing to change
 */
export const putChanges = async (
  parts: Parts,
  tx: Db,
  changes: Changes,
): Promise<Instant | null> => {
  const { user, lease, hold, scope } = parts.tables;
  await remove(parts, tx, user, OWNER, changes.goneUsers);
  await add(parts, tx, user, changes.newUsers);
  await replace(parts, tx, user, OWNER, changes.users);
  await remove(parts, tx, lease, ['id'], changes.goneLeases);
  await grant(parts, tx, changes.leases);
  await remove(parts, tx, hold, HOLD, changes.goneHolds);
  await add(parts, tx, hold, changes.holds);
  await remove(parts, tx, scope, ENTRY, changes.goneScopes);
  await add(parts, tx, scope, changes.scopes);
  await putSteps(parts, tx, changes.steps);
  await putOutbox(parts, tx, changes);
  return appendToFeed(parts, tx, changes.told);
};
