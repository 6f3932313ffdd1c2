import type { Instant } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import { inKeyOrder, type Db } from '../dialect.ts';
import type { Parts } from '../parts.ts';
import type { Row } from '../tables.ts';

/** The user of a message that is about nobody: no id is empty. */
export const NOBODY = '';

interface Counter {
  readonly tenant: string;
  readonly seq: unknown;
  readonly now: unknown;
}

/** Counters as the statement left them. */
const countersAfter = async (
  { dialect, tables, channel, now }: Parts,
  tx: Db,
  count: RawBuilder<Counter>,
  tenants: readonly Row[],
): Promise<Counter[]> => {
  if (dialect.returns) {
    const announced = channel === null ? sql`` : sql`, pg_notify(${channel}, '')`;
    return (
      await sql<Counter>`${count} returning tenant, seq, ${now()} as now ${announced}`.execute(tx)
    ).rows;
  }
  await count.execute(tx);
  const { rows } = await sql<Counter>`select tenant, seq, ${now()} as now from ${tables.feed.name}
    where ${dialect.among(['tenant'], tenants)}`.execute(tx);
  return rows;
};

/**
 * Numbers messages by a counter of each tenant that stays locked until the transaction ends: whoever
 * sees a number sees every smaller one. Rows: user, revision, instant, what is told.
 *
 * @returns the clock when the counter was locked; `null`: there is nothing to tell
 */
export const appendToFeed = async (
  parts: Parts,
  tx: Db,
  told: ReadonlyMap<string, readonly Row[]>,
): Promise<Instant | null> => {
  if (told.size === 0) return null;
  const { dialect, tables } = parts;
  const { feed, change } = tables;
  const counts = inKeyOrder([...told].map(([tenant, rows]) => [tenant, rows.length]));
  const count = sql<Counter>`${dialect.insert(feed, counts)} ${dialect.onConflict(['tenant'])}
    seq = ${sql.ref(`${feed.text}.seq`)} + ${dialect.given('seq')}`;
  const rows = await countersAfter(parts, tx, count, counts);
  const numbered = rows.flatMap(({ tenant, seq }) => {
    const messages = told.get(tenant)!;
    const first = Number(seq) - messages.length + 1;
    return messages.map((row, index): Row => [tenant, first + index, ...row]);
  });
  await dialect.insert(change, numbered).execute(tx);
  return Math.max(...rows.map(({ now }) => Number(now)));
};
