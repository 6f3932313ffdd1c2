import {
  apply,
  isSharedLease,
  nextChangeAt,
  settle,
  WRITE_VALID_MS,
  type Applied,
  type Instant,
  type LeaseId,
  type Loaded,
  type PresenceRecord,
  type Session,
  type Write,
} from '@presence/core';
import { memoryStore } from '../../stores/memory/memory-store.ts';
import { SHORT_POLICY, type Subject } from '../suite/stage.ts';
import type { EngineHabits } from '../suite/test-engine.ts';

const create: Subject['create'] = async (clock) => ({ store: memoryStore({ clock }) });

const withHabits = (habits: EngineHabits): Subject => ({ create, habits });

const withApply = (wrong: (right: Applied, loaded: Loaded, at: Instant) => Applied): Subject => ({
  create,
  rules: {
    settle,
    apply: (loaded, command, at, policy) => wrong(apply(loaded, command, at, policy), loaded, at),
  },
});

const withWrite = (wrong: (write: Write, loaded: Loaded, at: Instant) => Write): Subject =>
  withApply((right, loaded, at) =>
    right.ok && right.write ? { ...right, write: wrong(right.write, loaded, at) } : right,
  );

/** The three instants of which a write's `validUntil` is the smallest. */
const limits = (write: Write, loaded: Loaded, at: Instant) => {
  const before = settle(loaded.record, loaded.leases, at, SHORT_POLICY).record;
  const leases = new Map(loaded.leases);
  for (const { id, forMs } of write.grant) leases.set(id, at + forMs);
  for (const id of write.holds) if (!leases.has(id)) leases.set(id, at + SHORT_POLICY.nodeLeaseMs);
  return {
    ends: nextChangeAt(before, loaded.leases, SHORT_POLICY) ?? Infinity,
    brings: nextChangeAt(write.record, leases, SHORT_POLICY) ?? Infinity,
    waits: at + WRITE_VALID_MS,
  };
};

const validUntil = (chosen: (limit: ReturnType<typeof limits>) => Instant): Subject =>
  withWrite((write, loaded, at) => {
    const until = chosen(limits(write, loaded, at));
    return { ...write, validUntil: until === Infinity ? null : until };
  });

export const noValidUntil = validUntil(() => Infinity);
export const firstDeadlineOnly = validUntil(({ ends }) => ends);
export const forgetsWhatItBrings = validUntil(({ ends, waits }) => Math.min(ends, waits));
export const forgetsWhatItEnds = validUntil(({ brings, waits }) => Math.min(brings, waits));
export const forgetsToWait = validUntil(({ ends, brings }) => Math.min(ends, brings));

export const stepsCollapsed = withWrite((write) => ({ ...write, steps: write.steps.slice(-1) }));

const withoutGeneration = (id: LeaseId): LeaseId =>
  isSharedLease(id) ? id : id.slice(0, id.lastIndexOf(':'));

const withSessions = (
  record: PresenceRecord | null,
  changed: (session: Session) => Session,
): PresenceRecord | null => record && { ...record, sessions: record.sessions.map(changed) };

const leaseRenamed = (session: Session): Session => ({
  ...session,
  lease: withoutGeneration(session.lease),
});

export const ownLeaseWithoutGeneration = withApply((right) =>
  right.ok && right.write
    ? {
        ...right,
        session: right.session && leaseRenamed(right.session),
        write: {
          ...right.write,
          record: withSessions(right.write.record, leaseRenamed),
          holds: right.write.holds.map(withoutGeneration),
          grant: right.write.grant.map(({ id, forMs }) => ({ id: withoutGeneration(id), forMs })),
        },
      }
    : right,
);

export const fenceForgotten = withApply((right, loaded) => {
  if (!right.ok || !right.write) return right;
  const former = new Map(loaded.record?.sessions.map(({ id, generation }) => [id, generation]));
  const unfenced = (session: Session): Session => ({
    ...session,
    generation: former.get(session.id) ?? session.generation,
  });
  return {
    ...right,
    session: right.session && unfenced(right.session),
    write: { ...right.write, record: withSessions(right.write.record, unfenced) },
  };
});

/** A transition of time gets the instant at which somebody noticed. */
export const versionedByWhoNoticed: Subject = {
  create,
  rules: {
    apply,
    settle: (record, leases, at, policy) => {
      const settled = settle(record, leases, at, policy);
      if (!settled.record || settled.steps.length === 0) return settled;
      const view = { ...settled.record.public, version: at };
      return { ...settled, record: { ...settled.record, public: view } };
    },
  },
};

export const nodeClockUsed = withHabits({ judgesAt: (answered) => answered + 200_000 });
export const nodeLeaseReused = withHabits({ nextIncarnation: (lost) => lost });
