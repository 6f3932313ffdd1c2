import type { PresenceRecord } from '@presence/core';
import type { Node } from '../context.ts';
import { meOf } from '../me.ts';
import { errorOf, type Ending } from './ending.ts';
import { ownViewChanged, verdictOn, type Held } from './held.ts';
import type { Hub } from './hub.ts';
import type { Leaving } from './leaving.ts';
import { isOpen } from './link.ts';
import type { LiveTime } from './live-time.ts';
import type { Opened } from './opening.ts';
import type { Outbox } from './outbox.ts';
import type { HeldSession, HeldSessions } from './types.ts';
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

const NOBODY: readonly Held[] = Object.freeze([]);

export const createSessions = (parts: Parts): Sessions => {
  const { node, time, hubs, outbox, ending, leaving } = parts;
  let size = 0;

  const ofUser = ({ hub, key }: Held): readonly Held[] => hub.held.get(key.userId) ?? NOBODY;

  const drop = (held: Held): void => {
    leaving().cancel(held);
    const before = ofUser(held);
    const left = before.filter((other) => other !== held);
    if (left.length === before.length) return;
    size -= 1;
    if (left.length > 0) held.hub.held.set(held.key.userId, left);
    else held.hub.held.delete(held.key.userId);
  };

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
    held.revision = record?.revision ?? held.revision;
    const code = verdictOn(held, record, held.hub.policy);
    if (code === null) tellMe(held, record);
    else lose(held, code);
  };

  const keep: Sessions['keep'] = ({ held, record, at }) => {
    const others = ofUser(held).filter(({ sessionId }) => sessionId === held.sessionId);
    for (const other of others) lose(other, 'session_replaced');
    held.hub.held.set(held.key.userId, [...ofUser(held), held]);
    size += 1;
    judge(held, record);
    const { ahead } = held;
    held.ahead = null;
    if (ahead && ahead.at >= at && has(held)) judge(held, ahead.record);
  };

  const has = (held: Held): boolean =>
    ofUser(held).some(
      ({ sessionId, generation }) => sessionId === held.sessionId && generation === held.generation,
    );

  const onChange: Sessions['onChange'] = (hub, { key, record, at }) => {
    for (const held of hub.held.get(key.userId) ?? NOBODY) judge(held, record);
    for (const held of hub.opening) {
      if (held.key.userId === key.userId) held.ahead = { record, at };
    }
  };

  const viewOf = (held: Held): HeldSession => ({
    key: held.key,
    sessionId: held.sessionId,
    generation: held.generation,
    device: held.device,
    openedAt: held.openedAt,
    issuedAt: held.principal.issuedAt,
    idleMs: () => (held.idleAt === null ? null : Math.max(0, time.now() - held.idleAt)),
    end: (code, reason) => {
      const { link } = held;
      drop(held);
      if (link && isOpen(link)) ending.close(link, code, reason);
    },
  });

  return {
    held: {
      *all() {
        for (const hub of hubs.values()) {
          for (const sessions of hub.held.values()) yield* sessions.map(viewOf);
        }
      },
      get size() {
        return size;
      },
      get users() {
        let users = 0;
        for (const hub of hubs.values()) users += hub.held.size;
        return users;
      },
    },
    keep,
    drop,
    has,
    unlinked: (held) => {
      held.link = null;
      if (node.isDraining() || !has(held)) return;
      const { grace } = held.hub.policy;
      const graceMs = held.leaveCause === 'page-closed' ? grace.closedMs : grace.lostMs;
      leaving().after(held, graceMs);
    },
    onChange,
  };
};
