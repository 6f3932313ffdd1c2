import {
  nodeLease as leaseOf,
  PresenceError,
  type Clock,
  type LeaseId,
  type Policy,
  type Random,
} from '@presence/core';
import type { Engine } from './engine/types.ts';
import type { HeldSession, HeldSessions, NodeLease } from './realtime/types.ts';
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
}

/** Sessions attached again at once; more would make every other command wait. */
const ATTACH_AT_ONCE = 200;

/** Renewals in a row that must find fewer holders than this node holds before it attaches them again. */
const MISMATCHES = 2;

/**
 * The lease on which every socket of this node hangs. It is renewed for all of them together, so
 * users at rest cost the store nothing; it dies with the node.
 */
export const createNodeLease = (parts: NodeLeaseParts): NodeLease => {
  const { store, clock, random, logger, policy, engine, held } = parts;
  const nodeId = random.id();
  let incarnation = 1;
  let id = leaseOf(nodeId, incarnation);
  let living: Promise<LeaseId> | null = null;
  let stopTimer: (() => void) | null = null;
  let mismatches = 0;

  const create = async (): Promise<LeaseId> => {
    const lease = { id, forMs: policy.nodeLeaseMs, create: true } as const;
    const { lost } = await store.renew([lease], null);
    if (lost.length > 0) return next();
    stopTimer ??= clock.every(policy.nodeRenewMs, () => void renew());
    return id;
  };

  const next = (): Promise<LeaseId> => {
    incarnation += 1;
    id = leaseOf(nodeId, incarnation);
    return create();
  };

  const current = (): Promise<LeaseId> => {
    living ??= create().catch((error: unknown) => {
      living = null;
      throw error;
    });
    return living;
  };

  const lost = (lostId: LeaseId): Promise<LeaseId> => {
    if (lostId !== id) return current();
    living = next().catch((error: unknown) => {
      living = null;
      throw error;
    });
    logger.warn(
      { sessions: held.size },
      '[presence/node-lease] The lease was lost; attaching sessions again.',
    );
    // Nobody waits for the attaching: the commit that found the loss may be of a session among them.
    void living.then(attachAll).catch((error: unknown) => {
      logger.warn({ err: error }, '[presence/node-lease] Attaching sessions again failed.');
    });
    return living;
  };

  const attach = async (session: HeldSession): Promise<void> => {
    try {
      await engine.execute(session.key, () => ({
        type: 'reattach',
        sessionId: session.sessionId,
        generation: session.generation,
        lease: id,
        idleMs: session.idleMs(),
        device: session.device,
        openedAt: session.openedAt,
        issuedAt: session.issuedAt,
      }));
    } catch (error) {
      if (error instanceof PresenceError && error.closeCode > 0)
        session.end(error.closeCode, error.code);
      else
        logger.warn(
          { err: error },
          '[presence/node-lease] A session could not be attached again yet.',
        );
    }
  };

  const attachAll = async (): Promise<void> => {
    const sessions = [...held.all()];
    for (let start = 0; start < sessions.length; start += ATTACH_AT_ONCE) {
      await Promise.all(sessions.slice(start, start + ATTACH_AT_ONCE).map(attach));
    }
  };

  /** A store that lost its tail knows fewer holders than this node has; nothing else would tell. */
  const compare = async (holders: number): Promise<void> => {
    mismatches = holders < held.users ? mismatches + 1 : 0;
    if (mismatches < MISMATCHES) return;
    mismatches = 0;
    await attachAll();
  };

  const renew = async (): Promise<void> => {
    const renewed = id;
    try {
      const answer = await store.renew([{ id: renewed, forMs: policy.nodeLeaseMs }], null);
      if (answer.lost.length > 0) await lost(renewed);
      else await compare(answer.held.get(renewed) ?? 0);
    } catch (error) {
      logger.warn(
        { err: error },
        '[presence/node-lease] The lease could not be renewed; trying again.',
      );
    }
  };

  const stop = (): void => {
    stopTimer?.();
    stopTimer = null;
  };

  const drain = async (): Promise<void> => {
    stop();
    if (living) await store.renew([{ id, forMs: policy.grace.drainMs }], null);
  };

  return { current, latest: () => id, lost, drain, stop };
};
