import type { Instant, PresenceRecord } from '@presence/core';
import { PROTOCOL_VERSION, type HelloFrame } from '@presence/core/protocol';
import type { Node } from '../context.ts';
import { clientPolicyOf } from '../me.ts';
import { checkAccount } from '../security/account-source.ts';
import { createAttaching, type Redeemed } from './attaching.ts';
import { errorOf } from './ending.ts';
import { createHeld, type Held } from './held.ts';
import type { Hub } from './hub.ts';
import type { Link } from './link.ts';
import type { LiveTime } from './live-time.ts';
import type { Outbox } from './outbox.ts';

/** Turns a ticket into a session on this node's lease. */
export interface Opening {
  /**
   * Calls `keep` with the session, before any change of it could be missed.
   *
   * @throws PresenceError whatever the `hello` is refused with
   */
  open(link: Link, hello: HelloFrame, keep: (opened: Opened) => void): Promise<void>;
}

export interface Opened {
  readonly held: Held;
  readonly record: PresenceRecord | null;
  readonly at: Instant;
}

interface Parts {
  readonly node: Node;
  readonly time: LiveTime;
  readonly outbox: Outbox;
  hubOf(tenant: string): Hub;
  /** The commit may have been made or not: nobody knows yet. */
  onUncertain(held: Held): void;
}

export const createOpening = (parts: Parts): Opening => {
  const { node, time, outbox, hubOf } = parts;
  const { commit, followLease } = createAttaching(parts);

  const welcome = (link: Link, held: Held, at: Instant): void => {
    const { key, sessionId, generation, hub } = held;
    outbox.tell(link, {
      type: 'welcome',
      sessionId,
      userId: key.userId,
      policy: clientPolicyOf(hub.policy),
      leaveToken: node.leaveTokens.issue({ key, sessionId, generation }),
      asOf: at,
    });
  };

  const begin = (link: Link, hello: HelloFrame, redeemed: Redeemed): Held => {
    const { principal } = redeemed;
    const hub = hubOf(principal.tenant);
    const sessionId = hello.sessionId ?? node.options.random.id();
    const now = time.now();
    const idleAt = hello.idleMs === undefined ? null : now - hello.idleMs;
    return createHeld({ principal, hub, sessionId, link }, idleAt, now);
  };

  const attach = async (held: Held, hello: HelloFrame, redeemed: Redeemed): Promise<Opened> => {
    await held.hub.ready();
    await checkAccount(node, held.key);
    const { session, record, at } = await commit(held, hello, redeemed);
    if (session === null) throw errorOf('session_gone');
    held.generation = session.generation;
    held.device = session.device;
    held.openedAt = session.openedAt;
    await followLease(held, session.lease);
    return { held, record, at };
  };

  const open: Opening['open'] = async (link, hello, keep) => {
    if (hello.protocol !== PROTOCOL_VERSION) {
      throw errorOf('invalid_frame', `This server speaks protocol ${PROTOCOL_VERSION}.`);
    }
    const redeemed = node.tickets.redeem(hello.ticket);
    const held = begin(link, hello, redeemed);
    const { opening } = held.hub;
    // Before anything is awaited: the hub stays, and changes that overtake the answer are noted.
    opening.add(held);
    try {
      const opened = await attach(held, hello, redeemed);
      link.connection.together?.();
      if (link.phase === 'opening') welcome(link, held, opened.at);
      keep(opened);
    } finally {
      opening.delete(held);
    }
  };
  return { open };
};
