import type { LeaseId } from '@presence/core';
import { sql } from 'kysely';
import { ending } from '../amnesty.ts';
import type { Db } from '../dialect.ts';
import { nowOf, type MetaRow, type Now } from '../instant.ts';
import { isUnsettled, lockNodes } from '../loads.ts';
import type { Parts } from '../parts.ts';
import type { Ready } from '../ready.ts';

/** The store's clock, and which nodes have ended by it. */
export interface Judged {
  readonly now: Now;
  /** As they stand in columns. */
  readonly dead: readonly LeaseId[];
  /** Those of them that no transaction under way can know as living. */
  readonly longDead: ReadonlySet<LeaseId>;
  /** How many have not. */
  readonly living: number;
  /** When the next node's lease ends. */
  readonly nextEnd: number | null;
}

const LONG_MS = 60_000;

interface NodeRow extends MetaRow {
  readonly id: string | null;
  readonly expires_at: unknown;
  readonly node_pardon: unknown;
}

const readNodes = async ({ tables, now }: Parts, db: Db) => {
  const { rows } = await sql<NodeRow>`select m.epoch, m.pulse_at, m.pardon, m.pardons,
    ${now()} as now, n.id, n.expires_at, n.pardon as node_pardon
    from ${tables.meta.name} m left join ${tables.node.name} n on 1 = 1`.execute(db);
  const first = rows[0];
  if (!first) return null;
  const seen = nowOf(first);
  const nodes = rows.flatMap(({ id, expires_at, node_pardon }) =>
    id === null
      ? []
      : [{ id, end: ending(seen.amnesties, 'shared', Number(expires_at), Number(node_pardon)) }],
  );
  return { now: seen, nodes };
};

/** Nodes that seem to have ended just now are waited for: they may be about to be renewed. */
export const readJudged = (parts: Parts, ready: Ready): Promise<Judged> =>
  ready.ask(async () => {
    const { db, dialect } = parts;
    let read = await readNodes(parts, db);
    const unsettled = read?.nodes.filter(({ end }) => isUnsettled(end, read!.now.at)) ?? [];
    if (unsettled.length > 0 && !read!.now.isOld) {
      read = await dialect.reading(db, async (tx) => {
        await lockNodes(
          parts,
          tx,
          unsettled.map(({ id }) => id),
        );
        return readNodes(parts, tx);
      });
    }
    if (!read) return null;
    const { now, nodes } = read;
    const living = nodes.filter(({ end }) => end > now.at).map(({ end }) => end);
    const endedBy = (at: number) => nodes.filter(({ end }) => end <= at).map(({ id }) => id);
    return {
      now,
      dead: endedBy(now.at),
      longDead: new Set(endedBy(now.at - LONG_MS)),
      living: living.length,
      nextEnd: living.length === 0 ? null : Math.min(...living),
    };
  });
