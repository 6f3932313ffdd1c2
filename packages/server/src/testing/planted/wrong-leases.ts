import { isSharedLease, type Instant, type LeaseId } from '@presence/core';
import { memoryStore } from '../../stores/memory/memory-store.ts';
import { PULSE_OLD_MS, type PresenceStore } from '../../stores/store.ts';
import type { Soon } from '../../soon.ts';
import type { Subject } from '../suite/stage.ts';
import { tellingExpiries, wrongStore } from './wrong-store.ts';

const FOR_EVER = 1e12;

export const renewRevives: Subject = wrongStore((right, clock) => {
  const known = new Set<LeaseId>();
  const revived = new Map<LeaseId, Instant>();
  return {
    ...tellingExpiries(right, (id, expiresAt) => revived.get(id) ?? expiresAt),
    commit: (writes) => {
      for (const { holds } of writes) for (const id of holds) known.add(id);
      return right.commit(writes);
    },
    renew: async (leases, validUntil) => {
      const answer = await right.renew(leases, validUntil);
      const lost = answer.lost.filter(({ id }) => !known.has(id));
      for (const { id } of answer.lost) {
        const forMs = leases.find((lease) => lease.id === id)?.forMs ?? 0;
        if (known.has(id)) revived.set(id, clock.now() + forMs);
      }
      return { ...answer, lost };
    },
  };
});

export const renewCreatesOwn: Subject = wrongStore((right) => ({
  renew: async (leases, validUntil) => {
    const answer = await right.renew(leases, validUntil);
    return { ...answer, lost: answer.lost.filter(({ id }) => isSharedLease(id)) };
  },
}));

export const renewIgnoresValidUntil: Subject = wrongStore((right) => ({
  renew: (leases) => right.renew(leases, null),
}));

export const renewIgnoresRevision: Subject = wrongStore((right) => ({
  renew: (leases, validUntil) =>
    right.renew(
      leases.map(({ id, forMs, create }) => ({ id, forMs, ...(create && { create }) })),
      validUntil,
    ),
}));

export const renewCountsNoHolders: Subject = wrongStore((right) => ({
  renew: async (leases, validUntil) => ({
    ...(await right.renew(leases, validUntil)),
    held: new Map(),
  }),
}));

export const sharedRemovedBeforeHolders: Subject = wrongStore((right, clock) =>
  tellingExpiries(right, (id, expiresAt) =>
    isSharedLease(id) && expiresAt <= clock.now() ? undefined : expiresAt,
  ),
);

export const expiryIgnored: Subject = wrongStore((right) => ({
  commit: (writes) =>
    right.commit(
      writes.map((write) => ({
        ...write,
        grant: write.grant.map(({ id }) => ({ id, forMs: FOR_EVER })),
      })),
    ),
  renew: (leases, validUntil) =>
    right.renew(
      leases.map((lease) => ({ ...lease, forMs: FOR_EVER })),
      validUntil,
    ),
}));

/** Each call moves the store's clock in hops, with the pulse written at each; in one over days. */
export const noAmnesty: Subject = {
  create: async (clock) => {
    let now = clock.now();
    const right = memoryStore({ clock: { ...clock, now: () => now } });
    const hop = async (): Promise<void> => {
      for (
        ;
        now < clock.now();
        now = clock.now() - now > 1e8 ? clock.now() : Math.min(clock.now(), now + PULSE_OLD_MS)
      )
        await right.due(0, 0);
    };
    const after =
      <Args extends unknown[], Answer>(verb: (...args: Args) => Soon<Answer>) =>
      async (...args: Args): Promise<Answer> => {
        await hop();
        return verb(...args);
      };
    const store: PresenceStore = {
      ...right,
      load: after(right.load),
      commit: after(right.commit),
      renew: after(right.renew),
      due: after(right.due),
      find: after(right.find),
      count: after(right.count),
    };
    return { store };
  },
};

export const amnestyOnlyForReads: Subject = wrongStore((right, clock) => {
  let pulseAt = clock.now();
  return {
    due: (limit, spread) => {
      pulseAt = clock.now();
      return right.due(limit, spread);
    },
    renew: async (leases, validUntil) => {
      if (clock.now() - pulseAt <= PULSE_OLD_MS) return right.renew(leases, validUntil);
      return { at: clock.now(), epoch: '', lost: leases, held: new Map() };
    },
  };
});
