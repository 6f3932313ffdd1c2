import { isSharedLease, type Instant, type Lease, type LeaseId, type Leases } from '../lease.ts';
import type { Policy } from '../policy.ts';
import type { Loaded, PresenceRecord, Step } from '../record.ts';
import { scopesOf, soloLease } from '../scopes.ts';
import { nextChangeAt, ownDeadline } from '../settle.ts';
import type { Write } from '../write.ts';

/**
 * How long after its load a write may be applied. Bytes that waited in a stopped server's socket
 * are refused when it wakes.
 */
export const WRITE_VALID_MS = 2000;

const smallest = (...instants: readonly (Instant | null)[]): Instant | null => {
  let least: Instant | null = null;
  for (const instant of instants) {
    if (instant !== null && (least === null || instant < least)) least = instant;
  }
  return least;
};

const NONE: readonly never[] = Object.freeze([]);

const holdsOf = (record: PresenceRecord): readonly LeaseId[] => [
  ...new Set(record.sessions.map(({ lease }) => lease)),
];

/**
 * The leases as they will be once the write is made. A shared lease held anew is checked by the
 * store, and until its owner renews it nobody knows more than that it lives.
 */
export const heldLeases = (
  {
    leases,
    at,
    policy,
  }: { readonly leases: Leases; readonly at: Instant; readonly policy: Policy },
  record: PresenceRecord,
  grant: readonly Lease[],
): Leases => {
  const anew = record.sessions.filter(({ lease }) => isSharedLease(lease) && !leases.has(lease));
  if (grant.length === 0 && anew.length === 0) return leases;
  const held = new Map(leases);
  for (const { id, forMs } of grant) held.set(id, Math.max(held.get(id) ?? 0, at + forMs));
  for (const { lease } of anew) held.set(lease, at + policy.nodeLeaseMs);
  return held;
};

interface Parts {
  readonly loaded: Loaded;
  readonly settled: PresenceRecord | null;
  readonly record: PresenceRecord | null;
  readonly leases: Leases;
  readonly grant: readonly Lease[];
  readonly steps: readonly Step[];
  readonly at: Instant;
  readonly policy: Policy;
}

const indexed = (record: PresenceRecord | null, policy: Policy) =>
  record === null
    ? { holds: NONE, solo: '', deadline: null, status: 'offline' as const, scopes: NONE }
    : {
        holds: holdsOf(record),
        solo: soloLease(record),
        deadline: ownDeadline(record, policy),
        status: record.public.status,
        scopes: scopesOf(record),
      };

/** Everything that a store has to know to make one change of one user true. */
export const writeOf = (parts: Parts): Write => {
  const { loaded, settled, record, leases, grant, steps, at, policy } = parts;
  return {
    key: loaded.key,
    base: loaded.record?.revision ?? 0,
    validUntil: smallest(
      nextChangeAt(settled, loaded.leases, policy),
      nextChangeAt(record, leases, policy),
      at + WRITE_VALID_MS,
    ),
    record,
    grant,
    steps,
    ...indexed(record, policy),
  };
};
