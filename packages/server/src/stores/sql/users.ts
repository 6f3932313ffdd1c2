import type { Instant, Key, LeaseId, Loaded } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import { decodeRecord } from '../shared/record-text.ts';
import { ending, kindOf } from './amnesty.ts';
import type { Db } from './dialect.ts';
import { nowOf, type Now } from './instant.ts';
import { leasesOfUsers } from './leases/of-users.ts';
import type { Parts } from './parts.ts';
import type { Row } from './tables.ts';

/** A row of any of the branches of one statement; which columns mean what is said by each branch. */
interface BranchRow {
  readonly kind: string;
  readonly tenant: string;
  readonly user_id: string;
  readonly id: string | null;
  readonly first: unknown;
  readonly second: unknown;
  readonly third: unknown;
  readonly data: string | null;
}

/** A lease as it is written down. */
export interface Held {
  readonly id: LeaseId;
  /** `null`: held, and nothing known of it. */
  readonly expiresAt: Instant | null;
  readonly pardon: number;
  /** The user hangs on it alone. */
  readonly isSolo: boolean;
}

interface Stored {
  readonly data: string;
  readonly deadline: Instant | null;
}

/** Everything that was read of some users at one instant. */
export interface Read {
  readonly now: Now;
  readonly held: ReadonlyMap<string, readonly Held[]>;
  readonly users: ReadonlyMap<string, Stored>;
  /** Shared leases that were asked for by id. */
  readonly nodes: ReadonlyMap<LeaseId, Held>;
  /** Rows of any other kind, in the order of the statement. */
  readonly others: readonly BranchRow[];
}

export type Branch = RawBuilder<BranchRow>;

const SEPARATOR = '\u001f';

/** One text for a stored key. */
export const nameOf = (tenant: string, userId: string): string => tenant + SEPARATOR + userId;

const OWNER = ['tenant', 'user_id'] as const;

const qualified = (alias: string): string[] => OWNER.map((column) => `${alias}.${column}`);

export const metaBranch = ({ tables, now }: Parts): Branch =>
  sql`select 'meta' as kind, '' as tenant, '' as user_id, m.epoch as id, m.pulse_at as ${sql.ref('first')},
    m.pardon as second, ${now()} as third, m.pardons as data from ${tables.meta.name} m`;

export const dataBranch = ({ tables, dialect }: Parts, keys: readonly Row[]): Branch =>
  sql`select 'data', u.tenant, u.user_id, null, u.deadline, null, null, u.data
    from ${tables.user.name} u where ${dialect.among(qualified('u'), keys)}`;

/** @param leases what the users' rows name, where those were read before */
export const heldBranches = (
  parts: Parts,
  keys: readonly Row[],
  leases: readonly string[] | null = null,
): Branch[] => {
  const { tables, dialect } = parts;
  const ofUsers = leasesOfUsers(parts, (row) => dialect.among(qualified(row), keys), leases);
  return [
    sql`select 'held', l.tenant, l.user_id, l.id, l.expires_at, l.pardon, 0, null
    from ${ofUsers}`,
    sql`select 'held', h.tenant, h.user_id, h.lease_id, n.expires_at, n.pardon, h.solo, null
    from ${tables.hold.name} h left join ${tables.node.name} n on n.id = h.lease_id
    where ${dialect.among(qualified('h'), keys)}`,
  ];
};

export const nodeBranch = ({ tables, dialect }: Parts, ids: readonly string[]): Branch =>
  sql`select 'node', '', '', n.id, n.expires_at, n.pardon, 0, null
    from ${tables.node.name} n where ${dialect.among(
      ['n.id'],
      ids.map((id) => [id]),
    )}`;

/** The hooks whose outbox each change of a commit belongs into, each with how long it does. */
export const hookBranch = ({ tables }: Parts): Branch =>
  sql`select 'hook', '', '', k.name, k.enrolled_until, 0, 0, null from ${tables.hook.name} k`;

const numberOf = (value: unknown): number | null => (value === null ? null : Number(value));

/**
 * Reads what the branches give.
 *
 * @param before common tables that the branches name
 * @returns `null` where the store does not know itself: it is new, or lost its data
 */
export const readRows = async (
  { texts }: Parts,
  db: Db,
  branches: readonly Branch[],
  before: RawBuilder<unknown> = sql``,
): Promise<Read | null> => {
  const { rows } = await sql<BranchRow>`${before} ${sql.join(branches, sql` union all `)}`.execute(
    db,
  );
  let now: Now | null = null;
  const held = new Map<string, Held[]>();
  const users = new Map<string, Stored>();
  const nodes = new Map<LeaseId, Held>();
  const others: BranchRow[] = [];
  for (const row of rows) {
    const name = nameOf(row.tenant, row.user_id);
    if (row.kind === 'meta') now = metaOf(row);
    else if (row.kind === 'data') {
      users.set(name, { data: row.data!, deadline: numberOf(row.first) });
    } else if (row.kind !== 'held' && row.kind !== 'node') others.push(row);
    else {
      const lease = heldOf(row, texts.out(row.id!));
      if (row.kind === 'node') nodes.set(lease.id, lease);
      else held.set(name, [...(held.get(name) ?? []), lease]);
    }
  }
  return now && { now, held, users, nodes, others };
};

const metaOf = ({ id, first, second, third, data }: BranchRow): Now =>
  nowOf({ epoch: id!, pulse_at: first, pardon: second, now: third, pardons: data! });

const heldOf = ({ first, second, third }: BranchRow, id: LeaseId): Held => ({
  id,
  expiresAt: numberOf(first),
  pardon: Number(second),
  isSolo: Number(third) === 1,
});

/** When a held lease ends or ended; `undefined`: nothing is known of it. */
export const endOf = ({ amnesties }: Now, { id, expiresAt, pardon }: Held): Instant | undefined =>
  expiresAt === null ? undefined : ending(amnesties, kindOf(id), expiresAt, pardon);

const NO_LEASES: ReadonlyMap<LeaseId, Instant> = new Map();
const NONE_HELD: readonly Held[] = Object.freeze([]);

export const heldBy = ({ held }: Read, name: string): readonly Held[] =>
  held.get(name) ?? NONE_HELD;

const leasesOf = (now: Now, held: readonly Held[]): ReadonlyMap<LeaseId, Instant> => {
  if (held.length === 0) return NO_LEASES;
  const leases = new Map<LeaseId, Instant>();
  for (const lease of held) {
    const end = endOf(now, lease);
    if (end !== undefined) leases.set(lease.id, end);
  }
  return leases;
};

/** A user as callers get it. */
export const loadedOf = (read: Read, key: Key, name: string): Loaded => {
  const stored = read.users.get(name);
  if (!stored) return { key, record: null, leases: NO_LEASES };
  return {
    key,
    record: decodeRecord(stored.data),
    leases: leasesOf(read.now, heldBy(read, name)),
  };
};
