import {
  isSharedLease,
  type Cause,
  type Instant,
  type Key,
  type Policy,
  type PresenceRecord,
  type Step,
  type Write,
} from '@presence/core';
import type { OwnCommit } from '../engine/user-queue.ts';
import { DIAGNOSTICS } from './channels.ts';
import type { Tally } from './tally.ts';

/** Back so soon after being lost, a user was never gone: the link was bad, or a lease too short. */
const FLAP_MS = 60_000;

const LOSSES: ReadonlySet<Cause | undefined> = new Set(['lease-ended', 'link-lost']);

/**
 * How long before a user's end somebody last heard of them, by the policy. A socket's silence before
 * it counted as lost, ping and pong timeout at most, comes on top.
 */
const silentMs = (cause: Cause, before: PresenceRecord | null, policy: Policy): number => {
  switch (cause) {
    case 'lease-ended':
      return before?.sessions.some(({ lease }) => isSharedLease(lease))
        ? policy.nodeLeaseMs
        : policy.leaseMs;
    case 'link-lost':
      return policy.grace.lostMs;
    case 'page-closed':
      return policy.grace.closedMs;
    case 'idle-too-long':
      return policy.offlineAfterIdleMs;
    default:
      return 0;
  }
};

type Place = Pick<Step, 'status' | 'at' | 'cause'>;

/** The transition that brought a record to the status which it has. */
const placeOf = (record: PresenceRecord | null): Place | null => {
  const since = record?.own.since ?? null;
  return record?.steps.findLast(({ at }) => at === since) ?? null;
};

const tellCommit = ({ tenant, userId }: Key, { record, steps }: Write, at: Instant): void => {
  if (!DIAGNOSTICS.commit.hasSubscribers) return;
  const revision = record?.revision ?? 0;
  const status = record?.own.status ?? 'offline';
  DIAGNOSTICS.commit.publish({ tenant, userId, revision, status, steps, at });
};

/** Counts what one commit says of a user's comings and goings. */
export const noteCommit = (
  tally: Tally,
  { key, before, write, at }: OwnCommit,
  policy: Policy,
): void => {
  tally.commits += 1;
  tellCommit(key, write, at);
  let status = before?.own.status ?? 'offline';
  let last = placeOf(before);
  for (const step of write.steps) {
    tally.transitions.add(step.status, step.cause);
    if (step.status === status) continue;
    if (step.status === 'offline') {
      const ms = at - step.at + silentMs(step.cause, before, policy);
      tally.timeToOffline.of(step.cause).observe(Math.max(0, ms) / 1000);
      if (step.cause === 'lease-ended') tally.ghosts += 1;
    } else if (status === 'offline' && LOSSES.has(last?.cause)) {
      if (last !== null && step.at - last.at < FLAP_MS) tally.flaps += 1;
    }
    status = step.status;
    last = step;
  }
};
