import {
  emptyRecord,
  TENANT_SCOPE,
  type Instant,
  type Key,
  type Lease,
  type LeaseId,
  type PresenceRecord,
  type Step,
  type Write,
} from '@presence/core';
import { deepEqual } from 'node:assert/strict';
import type { Committed, PresenceStore } from '../../stores/store.ts';

export const TENANT = 'acme';

export const keyOf = (userId: string, tenant = TENANT): Key => ({ tenant, userId });

/** A record as small as one can be: the store has no business with what is in it. */
export const recordOf = (userId: string, revision: number): PresenceRecord => ({
  ...emptyRecord(userId),
  revision,
  updatedAt: revision,
});

export const stepOf = (revision: number, at: Instant): Step => ({
  revision,
  version: revision,
  status: 'online',
  at,
  cause: 'opened',
});

/** A write of revision 1 on nothing, online in the tenant's list, holding nothing; changed by `parts`. */
export const writeOf = (
  userId: string,
  parts: Partial<Write> & { tenant?: string } = {},
): Write => {
  const { tenant, ...rest } = parts;
  const base = rest.base ?? 0;
  return {
    key: keyOf(userId, tenant),
    base,
    validUntil: null,
    record: recordOf(userId, base + 1),
    holds: [],
    grant: [],
    solo: '',
    deadline: null,
    status: 'online',
    scopes: [TENANT_SCOPE],
    steps: [],
    ...rest,
  };
};

/** A write that holds an own lease for so long. */
export const holding = (id: LeaseId, forMs: number): Pick<Write, 'holds' | 'grant'> => ({
  holds: [id],
  grant: [{ id, forMs }],
});

export const commit = async (store: PresenceStore, write: Write): Promise<Committed> =>
  (await store.commit([write])).results[0]!;

/** Commits what has to be accepted. */
export const accepted = async (store: PresenceStore, ...writes: Write[]): Promise<void> => {
  const { results } = await store.commit(writes);
  deepEqual(
    results,
    writes.map(() => ({ ok: true })),
    'the commit is accepted',
  );
};

export const take = async (store: PresenceStore, id: LeaseId, forMs: number): Promise<void> => {
  const { lost } = await store.renew([{ id, forMs, create: true }], null);
  deepEqual(lost, [], `${id} can be taken`);
};

/** Whether a renewal keeps the lease. */
export const renews = async (store: PresenceStore, lease: Lease): Promise<boolean> =>
  (await store.renew([lease], null)).lost.length === 0;

/** When a user's lease ends, as the store says; `undefined` when it says nothing. */
export const expiryOf = async (
  store: PresenceStore,
  userId: string,
  id: LeaseId,
): Promise<Instant | undefined> => (await store.load([keyOf(userId)])).items[0]!.leases.get(id);
