import type { Instant, Lease, LeaseId } from './lease.ts';
import type { Key, PresenceRecord, Step } from './record.ts';
import type { Status } from './status.ts';

/**
 * What a store is asked to make true of one user, all or nothing: the stored revision equals
 * `base`, the store's clock is before `validUntil`, each shared lease held anew is alive.
 */
export interface Write {
  readonly key: Key;
  /** The revision that this was computed from; 0 = no record. */
  readonly base: number;
  /** The store refuses the write at or after it: compare-and-set alone does not see time pass. */
  readonly validUntil: Instant | null;
  /** `null` deletes. */
  readonly record: PresenceRecord | null;
  /** The leases held after the write; own leases no longer held die with it. */
  readonly holds: readonly LeaseId[];
  /** Own leases created or extended; shared leases are only checked. */
  readonly grant: readonly Lease[];
  /** The one shared lease whose end takes this user offline by itself, or `''`. */
  readonly solo: LeaseId | '';
  /** The next change that no lease causes: claim end, idle limit, grace, retention. */
  readonly deadline: Instant | null;
  /** Of the public projection. */
  readonly status: Status;
  /** The lists that the user stands in; see {@link scopesOf}. */
  readonly scopes: readonly string[];
  /** Every transition in this write: one commit can contain several. */
  readonly steps: readonly Step[];
  /** Somebody declared something, or took it back: what must outlive the sessions of the user. */
  readonly isDeclared?: true;
}
