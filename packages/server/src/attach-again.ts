import { kindOf, PresenceError, type LeaseId } from '@presence/core';
import type { Engine } from './engine/types.ts';
import type { HeldSession, HeldSessions } from './realtime/types.ts';
import type { Logger } from './types.ts';

interface Parts {
  readonly engine: Engine;
  readonly held: HeldSessions;
  readonly logger: Logger;
  /** The lease to attach to, asked at each try. */
  lease(): LeaseId;
  /** Everything was attached again after a loss. */
  onAttached?: (() => void) | undefined;
}

/** Puts every session whose socket this node holds on the node's lease again. */
export interface AttachAgain {
  now(): Promise<void>;
  /** Once a lease lives, after the one before or the store's data was lost. Never rejects. */
  after(living: Promise<LeaseId>): Promise<void>;
  /** The store does not know all of them yet. */
  isUnderWay(): boolean;
}

/** Sessions attached again at once; more would make every other command wait. */
const AT_ONCE = 200;

/** A session that may not be any more is ended with the refusal's code. */
export const createAttachAgain = ({
  engine,
  held,
  logger,
  lease,
  onAttached,
}: Parts): AttachAgain => {
  let underWay = 0;

  const attach = async (session: HeldSession): Promise<void> => {
    const { key, sessionId, generation, device, openedAt, issuedAt, rooms } = session;
    // It may have ended while others were attached, and a store that lost it knows nothing of that end.
    if (!session.isStaying()) return;
    try {
      await engine.execute(key, () => ({
        type: 'reattach',
        sessionId,
        generation,
        lease: lease(),
        idleMs: session.idleMs(),
        device,
        openedAt,
        issuedAt,
        rooms,
      }));
    } catch (error) {
      if (error instanceof PresenceError && kindOf(error).closeCode > 0) {
        session.end(kindOf(error).closeCode, error.code);
      } else {
        logger.warn(
          { err: error },
          '[presence/node-lease] A session could not be attached again yet.',
        );
      }
    }
  };

  const now = async (): Promise<void> => {
    const sessions = [...held.all()];
    for (let start = 0; start < sessions.length; start += AT_ONCE) {
      await Promise.all(sessions.slice(start, start + AT_ONCE).map(attach));
    }
  };

  return {
    now,
    after: async (living) => {
      underWay += 1;
      try {
        await living;
        await now();
      } catch (error) {
        logger.warn({ err: error }, '[presence/node-lease] Attaching sessions again failed.');
      } finally {
        underWay -= 1;
      }
      onAttached?.();
    },
    isUnderWay: () => underWay > 0,
  };
};
