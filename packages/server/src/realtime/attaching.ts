import { isPresenceError, kindOf, type LeaseId } from '@presence/core';
import type { HelloFrame } from '@presence/core/protocol';
import type { Node } from '../context.ts';
import type { Executed } from '../engine/types.ts';
import type { Held } from './held.ts';
import type { LiveTime } from './live-time.ts';

interface Parts {
  readonly node: Node;
  readonly time: LiveTime;
  /** The commit may have been made or not: nobody knows yet. */
  onUncertain(held: Held): void;
}

export type Redeemed = ReturnType<Node['tickets']['redeem']>;

/** Whether the store answered, and said no. */
const isRefused = (error: unknown): boolean =>
  isPresenceError(error) && kindOf(error).closeCode > 0;

/** Puts a session on this node's lease, whichever that is by then. */
export const createAttaching = ({ node, time, onUncertain }: Parts) => {
  const { engine } = node;

  const commit = async (
    held: Held,
    hello: HelloFrame,
    { id, forMs, isSpent }: Redeemed,
  ): Promise<Executed> => {
    await node.nodeLease.current();
    const executed = engine.execute(held.key, () => ({
      type: 'open',
      sessionId: held.sessionId,
      resume: hello.sessionId !== undefined,
      // Asked at each try: the lease may have been lost since the last one.
      lease: { shared: node.nodeLease.latest() },
      device: hello.device ?? null,
      idleMs: hello.idleMs ?? null,
      issuedAt: held.principal.issuedAt,
      ticket: isSpent ? undefined : { id, forMs },
      allowedRooms: held.principal.rooms,
    }));
    executed.catch((error: unknown) => {
      if (!isRefused(error)) onUncertain(held);
    });
    return executed;
  };

  /** The lease was lost between the commit and its answer, and nobody knew yet whom to attach again. */
  const followLease = async (held: Held, lease: LeaseId): Promise<void> => {
    if (lease === node.nodeLease.latest()) return;
    const { key, sessionId, generation, device, openedAt, rooms } = held;
    const { issuedAt } = held.principal;
    const attached = engine.execute(key, () => ({
      type: 'reattach',
      sessionId,
      generation,
      lease: node.nodeLease.latest(),
      idleMs: held.idleAt === null ? null : time.now() - held.idleAt,
      device,
      openedAt,
      issuedAt,
      rooms,
    }));
    await attached.catch((error: unknown) => {
      // Unless it was refused, the node's lease finds the session among those to attach again.
      if (isRefused(error)) throw error;
    });
  };

  return { commit, followLease };
};
