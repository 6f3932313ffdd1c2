import type { LeaseId, Status, Write } from '@presence/core';
import { sql } from 'kysely';
import { inKeyOrder, type Db } from '../dialect.ts';
import { isUnsettled, lockNodes } from '../loads.ts';
import type { Parts } from '../parts.ts';
import type { Row } from '../tables.ts';
import {
  endOf,
  heldBranches,
  hookBranch,
  metaBranch,
  nameOf,
  nodeBranch,
  readRows,
  type Read,
} from '../users.ts';

/** A user's row, as far as a write is compared with it. */
export interface Before {
  readonly revision: number;
  readonly version: number;
  readonly status: Status;
  readonly solo: LeaseId | '';
  readonly scopes: readonly string[];
}

/** A write with the ids as they stand in columns. */
export interface Asked {
  readonly write: Write;
  readonly tenant: string;
  readonly userId: string;
  readonly name: string;
  /** Of a store elsewhere, that judges leases: the row says how the user is, and none of them is here. */
  readonly isCopy?: true;
}

/** What a batch of writes is judged by. The users' rows are locked, and the clock was read afterwards. */
export interface Found extends Read {
  readonly before: ReadonlyMap<string, Before>;
  /** Names of the webhooks that are told of changes. */
  readonly hooks: readonly string[];
}

interface BeforeRow {
  readonly tenant: string;
  readonly user_id: string;
  readonly revision: unknown;
  readonly version: unknown;
  readonly status: Status;
  readonly solo: string;
  readonly scopes: string;
  readonly leases: string | null;
}

interface Locked {
  readonly before: Map<string, Before>;
  /** The own leases that the users' rows name, as they stand in columns. */
  readonly leases: readonly string[];
}

export const askedOf = ({ texts }: Parts, write: Write): Asked => {
  const tenant = texts.in(write.key.tenant);
  const userId = texts.in(write.key.userId);
  return { write, tenant, userId, name: nameOf(tenant, userId) };
};

const keyOf = ({ tenant, userId }: Asked): Row => [tenant, userId];

const lockUsers = async (
  { tables, dialect, texts }: Parts,
  tx: Db,
  keys: readonly Row[],
): Promise<Locked> => {
  const { rows } =
    await sql<BeforeRow>`select tenant, user_id, revision, version, status, solo, scopes, leases
    from ${tables.user.name} where ${dialect.among(['tenant', 'user_id'], inKeyOrder(keys))}
    order by tenant, user_id ${dialect.forUpdate}`.execute(tx);
  const before = new Map<string, Before>();
  const named: string[] = [];
  for (const { tenant, user_id, revision, version, status, solo, scopes, leases } of rows) {
    if (leases !== null) named.push(...(JSON.parse(leases) as string[]));
    before.set(nameOf(tenant, user_id), {
      revision: Number(revision),
      version: Number(version),
      status,
      solo: texts.out(solo),
      scopes: JSON.parse(scopes) as string[],
    });
  }
  return { before, leases: named };
};

/** A node's lease that seems to have ended may be about to be renewed. */
const mayBeRenewed = ({ now, nodes }: Read): boolean =>
  [...nodes.values()].some((node) => isUnsettled(endOf(now, node), now.at));

/** Those that nobody asked to tell for long are told no more. */
const hooksOf = ({ others, now }: Read): string[] =>
  others.flatMap(({ kind, id, first }) =>
    kind === 'hook' && id !== null && Number(first) > now.at ? [id] : [],
  );

/** First the locks, in the order of keys, then the clock: nobody is shown the past by whoever waited. */
export const findLocked = async (
  parts: Parts,
  tx: Db,
  asked: readonly Asked[],
): Promise<Found | null> => {
  const keys = asked.map(keyOf);
  const { before, leases } = await lockUsers(parts, tx, keys);
  const shared = new Set(asked.flatMap(({ write }) => write.holds.map(parts.texts.in)));
  const branches = [metaBranch(parts), ...heldBranches(parts, keys, leases), hookBranch(parts)];
  if (shared.size > 0) branches.push(nodeBranch(parts, [...shared]));
  let read = await readRows(parts, tx, branches);
  if (read && mayBeRenewed(read)) {
    await lockNodes(parts, tx, [...shared]);
    read = await readRows(parts, tx, branches);
  }
  return read && { ...read, before, hooks: hooksOf(read) };
};
