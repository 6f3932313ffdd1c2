import {
  nodeLease as leaseOf,
  type Cancel,
  type Clock,
  type LeaseId,
  type Policy,
  type Random,
} from '@presence/core';
import { createAttachAgain, type AttachAgain } from './attach-again.ts';
import type { Engine } from './engine/types.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { HeldSessions, NodeLease } from './realtime/types.ts';
import type { PresenceStore } from './stores/store.ts';
import type { Logger } from './types.ts';

interface NodeLeaseParts {
  readonly store: PresenceStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly policy: Policy;
  readonly engine: Engine;
  readonly held: HeldSessions;
  /** After a loss, once every session was attached again. */
  readonly onAttached?: () => void;
}

/** Renewals in a row that must find fewer holders than this node holds before it attaches them again. */
const MISMATCHES = 2;

/** The lease's id, which changes with each loss: a lease that ended is never renewed. */
const createIncarnations = ({ store, random, policy }: NodeLeaseParts, onLiving: () => void) => {
  const nodeId = random.id();
  let incarnation = 0;
  let id = leaseOf(nodeId, incarnation);
  let living: Promise<LeaseId> | null = null;

  const create = async (): Promise<LeaseId> => {
    for (;;) {
      incarnation += 1;
      id = leaseOf(nodeId, incarnation);
      const lease = { id, forMs: policy.nodeLeaseMs, create: true } as const;
      const { lost } = await store.renew([lease], null);
      if (lost.length > 0) continue;
      onLiving();
      return id;
    }
  };

  const next = (): Promise<LeaseId> => {
    living = create();
    // Whoever waits sees the failure; the next one who asks tries again.
    living.catch(() => {
      living = null;
    });
    return living;
  };

  return {
    latest: () => id,
    current: () => living ?? next(),
    next,
    isLiving: () => living !== null,
  };
};

/** Ways in which a store shows that it lost something, though the lease lives on. */
const createLosses = () => {
  let known: string | null = null;
  let mismatches = 0;
  return {
    /** Everything is gone: the data has another name. */
    isOther: (epoch: string): boolean => {
      const isLoss = known !== null && known !== epoch;
      known = epoch;
      return isLoss;
    },
    /** A store that lost its tail knows fewer holders than this node has; nothing else would tell. */
    isShort: (holders: number, users: number): boolean => {
      mismatches = holders < users ? mismatches + 1 : 0;
      if (mismatches < MISMATCHES) return false;
      mismatches = 0;
      return true;
    },
  };
};

/** Renewing, and what happens when it shows a loss. */
const createKeeping = (
  { store, logger, policy, held }: NodeLeaseParts,
  incarnations: ReturnType<typeof createIncarnations>,
  attaching: AttachAgain,
) => {
  const losses = createLosses();

  const lost = (id: LeaseId): Promise<LeaseId> => {
    if (id !== incarnations.latest()) return incarnations.current();
    logger.warn(
      { sessions: held.size },
      '[presence/node-lease] The lease was lost; attaching sessions again.',
    );
    const living = incarnations.next();
    // Nobody waits for the attaching: the commit that found the loss may be of a session among them.
    void attaching.after(living);
    return living;
  };

  const noteEpoch = (epoch: string): void => {
    if (!losses.isOther(epoch) || !incarnations.isLiving()) return;
    void lost(incarnations.latest()).catch(() => undefined);
  };

  /** `null`: it was lost. */
  const holders = async (): Promise<number | null> => {
    const id = incarnations.latest();
    const answer = await store.renew([{ id, forMs: policy.nodeLeaseMs }], null);
    noteEpoch(answer.epoch);
    if (answer.lost.length === 0) return answer.held.get(id) ?? 0;
    await lost(id);
    return null;
  };

  return { losses, lost, noteEpoch, holders };
};

/**
 * The lease on which every socket of this node hangs. It is renewed for all of them together, so
 * users at rest cost the store nothing; it dies with the node.
 */
export const createNodeLease = (parts: NodeLeaseParts): NodeLease => {
  const { store, clock, logger, policy, held } = parts;
  let stopTimer: Cancel | null = null;
  let isOver = false;

  const incarnations = createIncarnations(parts, () => {
    if (!isOver) stopTimer ??= clock.every(policy.nodeRenewMs, () => void renew());
  });
  const attaching = createAttachAgain({ ...parts, lease: incarnations.latest });

  const { losses, lost, noteEpoch, holders } = createKeeping(parts, incarnations, attaching);

  const ask = oneAtATime(() =>
    holders().then(
      (count) => count === null,
      () => false,
    ),
  );

  const renew = async (): Promise<void> => {
    // Before the store counts: whoever connects meanwhile must not look like somebody that it lost.
    const { users } = held;
    try {
      const count = await holders();
      if (count !== null && losses.isShort(count, users)) await attaching.now();
    } catch (error) {
      logger.warn(
        { err: error },
        '[presence/node-lease] The lease could not be renewed; trying again.',
      );
    }
  };

  const stop = (): void => {
    isOver = true;
    stopTimer?.();
    stopTimer = null;
  };

  return {
    current: incarnations.current,
    latest: incarnations.latest,
    lost,
    // A lease that is given up is not prolonged by asking.
    isLost: async () => !isOver && ask(),
    noteEpoch,
    isAttaching: attaching.isUnderWay,
    drain: async () => {
      stop();
      if (!incarnations.isLiving()) return;
      await store.renew([{ id: incarnations.latest(), forMs: policy.grace.drainMs }], null);
    },
    stop,
  };
};
