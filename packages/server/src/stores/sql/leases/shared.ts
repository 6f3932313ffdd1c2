import type { Instant, Lease, LeaseId } from '@presence/core';
import { sql } from 'kysely';
import { ending } from '../amnesty.ts';
import { inKeyOrder, type Db } from '../dialect.ts';
import type { Parts } from '../parts.ts';
import { readMeta } from '../ready.ts';
import type { Row } from '../tables.ts';

interface NodeRow {
  readonly id: string;
  readonly expires_at: unknown;
  readonly pardon: unknown;
}

const lockedNodes = async ({ tables, dialect }: Parts, tx: Db, keys: readonly Row[]) => {
  const { rows } = await sql<NodeRow>`select id, expires_at, pardon from ${tables.node.name}
    where ${dialect.among(['id'], keys)} order by id ${dialect.forUpdate}`.execute(tx);
  return new Map(rows.map((row) => [row.id, row]));
};

const countHolders = async ({ db, tables, dialect, texts }: Parts, ids: readonly LeaseId[]) => {
  const keys = ids.map((id) => [texts.in(id)]);
  const { rows } = await sql<{ id: string; holders: unknown }>`
    select lease_id as id, count(*) as holders from ${tables.hold.name}
    where ${dialect.among(['lease_id'], keys)} group by lease_id`.execute(db);
  const counted = new Map(rows.map(({ id, holders }) => [texts.out(id), Number(holders)]));
  return new Map(ids.map((id) => [id, counted.get(id) ?? 0]));
};

type Renewed = ReadonlyMap<LeaseId, number>;

/** Extends or creates nodes' leases; how many hold each that lives on. */
export const renewShared = async (
  parts: Parts,
  leases: readonly Lease[],
  validUntil: Instant | null,
): Promise<Renewed | null | 'pulse-old'> => {
  const { db, dialect, tables, texts } = parts;
  const alive = await dialect.transaction(db, async (tx) => {
    const rows = await lockedNodes(parts, tx, inKeyOrder(leases.map(({ id }) => [texts.in(id)])));
    const now = await readMeta(parts, tx);
    if (now === null) return null;
    if (now.isOld) return 'pulse-old';
    if (validUntil !== null && now.at >= validUntil) return [];
    const renewed: LeaseId[] = [];
    const written: Row[] = [];
    for (const { id, forMs, create } of leases) {
      const row = rows.get(texts.in(id));
      const end = now.at + Math.ceil(forMs);
      const before = row
        ? ending(now.amnesties, 'shared', Number(row.expires_at), Number(row.pardon))
        : null;
      const isLost = before === null ? create !== true : before <= now.at;
      if (isLost) continue;
      renewed.push(id);
      if (before === null || before < end) written.push([texts.in(id), end, now.pardon]);
    }
    const values = ['expires_at', 'pardon'].map(
      (column) => sql`${sql.ref(column)} = ${dialect.given(column)}`,
    );
    if (written.length > 0) {
      await sql`${dialect.insert(tables.node, inKeyOrder(written))}
        ${dialect.onConflict(['id'])} ${sql.join(values)}`.execute(tx);
    }
    return renewed;
  });
  if (alive === null || alive === 'pulse-old') return alive;
  return alive.length === 0 ? new Map() : countHolders(parts, alive);
};
