import type { PresenceRecord } from '@presence/core';
import type { Node } from '../context.ts';
import { meOf } from '../me.ts';
import { errorOf, type Ending } from './ending.ts';
import { ownViewChanged, verdictOn, type Held } from './held.ts';
import type { Hub } from './hub.ts';
import type { Leaving } from './leaving.ts';
import type { LiveTime } from './live-time.ts';
import type { Opened } from './opening.ts';
import type { Outbox } from './outbox.ts';
import { createHeldSessions } from './held-sessions.ts';
import type { HeldSessions } from './types.ts';
import type { RecordChange } from '../types.ts';

/** The sessions that this node holds: who they are, and what changes of their records mean for them. */
export interface Sessions {
  readonly held: HeldSessions;
  /** Takes a session that was just opened. */
  keep(opened: Opened): void;
  drop(held: Held): void;
  has(held: Held): boolean;
  /** A link is gone: its session goes after the grace. */
  unlinked(held: Held): void;
  onChange(hub: Hub, change: RecordChange): void;
}

interface Parts {
  readonly node: Node;
  readonly time: LiveTime;
  readonly hubs: ReadonlyMap<string, Hub>;
  readonly outbox: Outbox;
  readonly ending: Ending;
  leaving(): Leaving;
}

/** The lists of sessions by user, and how many they hold. */
const createHolding = (leaving: Parts['leaving']) => {
  let size = 0;

  const ofUser = ({ hub, key }: Held): readonly Held[] => hub.held.of(key.userId);

  const drop = (held: Held): void => {
    leaving().cancel(held);
    if (held.hub.held.remove(held)) size -= 1;
  };

  const add = (held: Held): void => {
    held.hub.held.add(held);
    size += 1;
  };

  const has = (held: Held): boolean =>
    ofUser(held).some(
      ({ sessionId, generation }) => sessionId === held.sessionId && generation === held.generation,
    );

  const isStaying = (held: Held): boolean => has(held) && !leaving().isUnderWay(held);

  return { ofUser, add, drop, has, isStaying, size: () => size };
};

export const createSessions = (parts: Parts): Sessions => {
  const { node, outbox, ending, leaving } = parts;
  const holding = createHolding(leaving);
  const { ofUser, add, drop, has } = holding;
  const lose = (held: Held, code: Parameters<typeof errorOf>[0]): void => {
    drop(held);
    if (held.link) ending.fail(held.link, errorOf(code));
  };

  const tellMe = (held: Held, record: PresenceRecord | null): void => {
    if (!ownViewChanged(held, record)) return;
    if (held.link) outbox.tell(held.link, { type: 'me', ...meOf(held.key.userId, record) });
  };

  const judge = (held: Held, record: PresenceRecord | null): void => {
    if (record !== null && record.revision < held.revision) return;
    const code = verdictOn(held, record, held.hub.policy);
    if (code === null) tellMe(held, record);
    else if (code === 'session_gone') void confirmGone(held);
    else lose(held, code);
  };

  /**
   * A session that is missing was ended, or the store lost it, or it went with the node's lease. A read tells
   * of the loss, before it answers; then the session is attached again and judged once that is done.
   */
  const confirmGone = async (held: Held): Promise<void> => {
    if (await node.nodeLease.isLost()) return;
    const { record } = await node.engine
      .read(held.key)
      .catch((): { record: PresenceRecord | null } => ({ record: null }));
    if (!has(held) || node.nodeLease.isAttaching()) return;
    const code = verdictOn(held, record, held.hub.policy);
    if (code !== null) lose(held, code);
  };

  const unlinked = (held: Held): void => {
    held.link = null;
    if (node.isDraining() || !has(held)) return;
    const { grace } = held.hub.policy;
    const graceMs = held.leaveCause === 'page-closed' ? grace.closedMs : grace.lostMs;
    leaving().after(held, graceMs);
  };

  const keep: Sessions['keep'] = ({ held, record, at }) => {
    const others = ofUser(held).filter(({ sessionId }) => sessionId === held.sessionId);
    for (const other of others) lose(other, 'session_replaced');
    add(held);
    judge(held, record);
    const { ahead } = held;
    held.ahead = null;
    if (ahead && ahead.at >= at && has(held)) judge(held, ahead.record);
    if (held.link === null) unlinked(held);
  };

  const onChange: Sessions['onChange'] = (hub, { key, record, at }) => {
    for (const held of hub.held.of(key.userId)) judge(held, record);
    for (const held of hub.opening) {
      if (held.key.userId === key.userId) held.ahead = { record, at };
    }
  };

  return {
    held: createHeldSessions({ ...parts, ...holding }),
    keep,
    drop,
    has,
    unlinked,
    onChange,
  };
};
