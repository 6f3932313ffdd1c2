import type { Instant, Lease, LeaseId } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import { ending } from '../amnesty.ts';
import { inKeyOrder, type Db } from '../dialect.ts';
import type { Now } from '../instant.ts';
import type { Parts } from '../parts.ts';
import { readMeta } from '../ready.ts';

/**
 * Renewed without a lock are leases that live for longer than this. A reader that is shown an end
 * has locked the row; none that looked before the renewal can have been shown one.
 */
const SAFE_MS = 2000;
/** How long a renewal may be on its way after the clock was read. */
const UNDER_WAY_MS = 1000;

interface LeaseRow {
  readonly id: string;
  readonly expires_at: unknown;
  readonly pardon: unknown;
}

const byDuration = (leases: readonly Lease[]): Map<number, Lease[]> => {
  const groups = new Map<number, Lease[]>();
  for (const lease of leases) {
    const forMs = Math.ceil(lease.forMs);
    const group = groups.get(forMs);
    if (group) group.push(lease);
    else groups.set(forMs, [lease]);
  }
  return groups;
};

const update = (
  { tables, dialect }: Parts,
  ids: readonly string[],
  { end, pardon, condition }: { end: Instant; pardon: number; condition: RawBuilder<unknown> },
): RawBuilder<{ id: string }> => {
  const { name, text } = tables.lease;
  const longest = dialect.greatest(sql.ref(`${text}.expires_at`), sql`${end}`);
  const named = dialect.among(
    ['id'],
    ids.map((id) => [id]),
  );
  return sql`update ${name} set expires_at = ${longest}, pardon = ${pardon}
    where ${named} ${condition} ${dialect.returns ? sql`returning id` : sql``}`;
};

/** Leases that are far from their end, in one statement for each duration. The ids of those that were renewed. */
export const renewFar = async (
  parts: Parts,
  now: Now,
  leases: readonly Lease[],
  validUntil: Instant | null,
): Promise<Set<LeaseId>> => {
  const { db, dialect, texts } = parts;
  const until = Math.min(now.at + UNDER_WAY_MS, validUntil ?? Infinity);
  const renewed = new Set<LeaseId>();
  for (const [forMs, group] of byDuration(leases)) {
    const ids = group.map(({ id }) => texts.in(id));
    const condition = sql`and expires_at > ${now.at + SAFE_MS} and ${parts.now()} < ${until}`;
    const change = { end: now.at + forMs, pardon: now.pardon, condition };
    const { rows, numAffectedRows } = await update(parts, ids, change).execute(db);
    if (dialect.returns) for (const { id } of rows) renewed.add(texts.out(id));
    else if (Number(numAffectedRows) === new Set(ids).size)
      for (const { id } of group) renewed.add(id);
  }
  return renewed;
};

const lockedLeases = async (parts: Parts, tx: Db, leases: readonly Lease[]) => {
  const { tables, dialect, texts } = parts;
  const keys = inKeyOrder(leases.map(({ id }) => [texts.in(id)]));
  const { rows } = await sql<LeaseRow>`select id, expires_at, pardon from ${tables.lease.name}
    where ${dialect.among(['id'], keys)} order by id ${dialect.forUpdate}`.execute(tx);
  return new Map(rows.map((row) => [texts.out(row.id), row]));
};

/** The rest: their rows are locked, then the clock is read. The ids of those that live on. */
export const renewNear = (
  parts: Parts,
  leases: readonly Lease[],
  validUntil: Instant | null,
): Promise<Set<LeaseId> | null | 'pulse-old'> =>
  parts.dialect.transaction(parts.db, async (tx) => {
    const rows = await lockedLeases(parts, tx, leases);
    const now = await readMeta(parts, tx);
    if (now === null) return null;
    if (now.isOld) return 'pulse-old';
    const alive = new Set<LeaseId>();
    if (validUntil !== null && now.at >= validUntil) return alive;
    for (const [forMs, group] of byDuration(leases)) {
      const end = now.at + forMs;
      const shorter: string[] = [];
      for (const { id } of group) {
        const row = rows.get(id);
        const before = row
          ? ending(now.amnesties, 'own', Number(row.expires_at), Number(row.pardon))
          : 0;
        if (before <= now.at) continue;
        alive.add(id);
        if (before < end) shorter.push(parts.texts.in(id));
      }
      const change = { end, pardon: now.pardon, condition: sql`` };
      if (shorter.length > 0) await update(parts, shorter, change).execute(tx);
    }
    return alive;
  });
