import type { Ending } from './ending.ts';
import type { Held } from './held.ts';
import type { Hub } from './hub.ts';
import { isOpen } from './link.ts';
import type { LiveTime } from './live-time.ts';
import type { HeldSession, HeldSessions } from './types.ts';

interface Parts {
  readonly time: LiveTime;
  readonly hubs: ReadonlyMap<string, Hub>;
  readonly ending: Ending;
  drop(held: Held): void;
  isStaying(held: Held): boolean;
  size(): number;
}

/** What the node's lease sees of the sessions that hang on it. Made when asked for, not kept. */
export const createHeldSessions = (parts: Parts): HeldSessions => {
  const { time, hubs, ending, drop, isStaying, size } = parts;
  const viewOf = (held: Held): HeldSession => ({
    key: held.key,
    sessionId: held.sessionId,
    generation: held.generation,
    device: held.device,
    openedAt: held.openedAt,
    issuedAt: held.principal.issuedAt,
    rooms: held.rooms,
    idleMs: () => (held.idleAt === null ? null : Math.max(0, time.now() - held.idleAt)),
    isStaying: () => isStaying(held),
    end: (code, reason) => {
      const { link } = held;
      drop(held);
      if (link && isOpen(link)) ending.close(link, code, reason);
    },
  });

  return {
    *all() {
      for (const hub of hubs.values()) {
        for (const held of hub.held.all()) yield viewOf(held);
      }
    },
    get size() {
      return size();
    },
    get users() {
      let users = 0;
      for (const hub of hubs.values()) users += hub.held.size;
      return users;
    },
  };
};
