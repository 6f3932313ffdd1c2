import { writeOf } from './apply/write-of.ts';
import type { Instant, Leases } from './lease.ts';
import type { Policy } from './policy.ts';
import type { Key, PresenceRecord } from './record.ts';
import { settle } from './settle.ts';
import type { Write } from './write.ts';

const NO_LEASES: Leases = new Map();

/**
 * The write that puts a record back into a store which lost it. Its sessions have ended: whoever is
 * still there opens them anew. `null`: time has deleted it meanwhile.
 */
export const restore = (
  key: Key,
  kept: PresenceRecord,
  at: Instant,
  policy: Policy,
): Write | null => {
  const { record, steps } = settle(kept, NO_LEASES, at, policy);
  if (record === null) return null;
  const loaded = { key, record: kept, leases: NO_LEASES };
  const parts = {
    loaded,
    settled: record,
    record,
    leases: NO_LEASES,
    grant: [],
    steps,
    at,
    policy,
  };
  return { ...writeOf(parts), base: 0 };
};
