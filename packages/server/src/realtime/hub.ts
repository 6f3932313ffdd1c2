import type { Cancel, Policy } from '@presence/core';
import type { Node } from '../context.ts';
import type { RecordChange } from '../types.ts';
import { createGroup, type Entry, type Watch } from './audience.ts';
import { createFanOut } from './fan-out.ts';
import { createGroups } from './groups.ts';
import type { Held } from './held.ts';
import { createKnown } from './known.ts';
import type { Link } from './link.ts';
import type { LiveTime } from './live-time.ts';
import type { Outbox } from './outbox.ts';
import { createRoster } from './roster.ts';
import { createSnapshots } from './snapshots.ts';
import { createWatching, type Watching } from './watching.ts';
import type { SharedFrame } from './types.ts';

/** Everything of one tenant on this node: its sessions, its watchers, and its feed. */
export interface Hub {
  readonly tenant: string;
  readonly policy: Policy;
  readonly watching: Watching;
  /** Sessions by user, also those whose grace runs. */
  readonly held: Map<string, readonly Held[]>;
  /** Sessions whose opening commit is under way. */
  readonly opening: Set<Held>;
  /** Resolves when no change can be missed any more. */
  ready(): Promise<void>;
  latest(link: Link, entries: Iterable<Entry>): SharedFrame | null;
  /** Frees what was kept for stragglers; whether nothing is left at all. */
  sweep(): boolean;
  stats(): HubStats;
  close(): void;
}

export interface HubStats {
  readonly users: number;
  readonly entries: number;
  readonly audiences: number;
  readonly tenantWatches: number;
}

interface Parts {
  readonly tenant: string;
  readonly node: Node;
  readonly time: LiveTime;
  readonly outbox: Outbox;
  /** A change of a user with sessions here. */
  onHeld(hub: Hub, change: RecordChange): void;
}

/** After a gap that could not be read over, the next try. */
const RETRY_MS = 1000;

/** How long a user who went offline is remembered, so that an older row that comes late is known as such. */
const REMEMBERED_MS = 30_000;

/** Reads everything that this node holds anew when messages of the feed were lost. */
const createResync = ({ node }: Parts, readAll: () => Promise<void>) => {
  const { clock, logger } = node.options;
  let cancel: Cancel | null = null;
  let isOver = false;
  let wanted = 0;
  let done = 0;
  let running = false;

  const run = async (): Promise<void> => {
    if (running || isOver) return;
    running = true;
    while (done < wanted && !isOver) {
      const target = wanted;
      try {
        await readAll();
        done = target;
      } catch (error) {
        logger.warn({ err: error }, '[presence/realtime] Reading after lost messages failed.');
        cancel = clock.after(RETRY_MS, () => void run());
        break;
      }
    }
    running = false;
  };

  return {
    start: () => {
      wanted += 1;
      void run();
    },
    stop: () => {
      isOver = true;
      cancel?.();
    },
  };
};

const createFeedOf = (parts: Parts, onChange: (change: RecordChange) => void, gap: () => void) => {
  const { tenant, node } = parts;
  let live: Promise<Cancel> | null = null;
  let isOver = false;
  return {
    ready: async (): Promise<void> => {
      live ??= node.feed.listen(tenant, {
        change: (change) => isOver || onChange(change),
        gap: () => isOver || gap(),
      });
      const listening = live;
      try {
        await listening;
      } catch (error) {
        if (live === listening) live = null;
        throw error;
      }
    },
    close: () => {
      isOver = true;
      void live?.then((cancel) => cancel()).catch(() => undefined);
    },
  };
};

export const createHub = (parts: Parts): Hub => {
  const { tenant, node, time, outbox, onHeld } = parts;
  const { engine, options } = node;
  const policy = options.policyOf(tenant);
  const everyone = createGroup([], 0);
  const isWatched = (): boolean => everyone.members.size > 0;

  const known = createKnown({
    tenant,
    engine,
    time,
    onChange: (entry, wasUnknown) => {
      // Nobody was told of this user yet, and whoever is absent from a tenant's list is offline.
      if (wasUnknown && (entry.status === 'offline' || !isWatched())) return;
      fanOut.changed(entry);
    },
  });
  const fanOut = createFanOut({
    clock: options.clock,
    windowMs: policy.fanOutMs,
    everyone,
    outbox,
    asOf: known.asOf,
  });
  const groups = createGroups((entry) => {
    if (!isWatched()) known.forget(entry);
  });
  const roster = createRoster({ tenant, engine, known, time });
  const snapshots = createSnapshots({ known, roster, time });

  const forgetUnwatched = (isForgotten: (entry: Entry) => boolean): void => {
    for (const entry of known.entries.values()) {
      if (entry.groups === null && isForgotten(entry)) known.forget(entry);
    }
  };

  const watching = createWatching({
    known,
    groups,
    roster,
    snapshots,
    fanOut,
    outbox,
    everyone,
    onTenantUnwatched: () => {
      roster.expire();
      forgetUnwatched(() => true);
    },
  });

  const onChange = (change: RecordChange): void => {
    const { userId } = change.key;
    if (hub.held.has(userId) || hub.opening.size > 0) onHeld(hub, change);
    const entry = isWatched() ? known.entryOf(userId) : known.entries.get(userId);
    if (entry) known.note(entry, change.record, change.at);
  };

  const resync = createResync(parts, async () => {
    const keys = [...hub.held.keys()].map((userId) => ({ tenant, userId }));
    for (const { key, record, at } of await engine.readMany(keys)) onHeld(hub, { key, record, at });
    await known.readAll([...known.entries.values()].filter(({ groups }) => groups !== null));
    roster.expire();
    if (isWatched()) await roster.fresh();
  });
  const feed = createFeedOf(parts, onChange, resync.start);

  const isEmpty = (): boolean =>
    hub.held.size === 0 && hub.opening.size === 0 && groups.size === 0 && !isWatched();

  const hub: Hub = {
    tenant,
    policy,
    watching,
    held: new Map(),
    opening: new Set(),
    ready: feed.ready,
    latest: fanOut.latest,
    sweep: () => {
      const before = known.asOf() - REMEMBERED_MS;
      forgetUnwatched(({ status, knownAt }) => status === 'offline' && knownAt < before);
      return isEmpty();
    },
    stats: () => ({
      users: hub.held.size,
      entries: known.entries.size,
      audiences: groups.size,
      tenantWatches: everyone.members.size,
    }),
    close: () => {
      feed.close();
      resync.stop();
      fanOut.stop();
    },
  };
  return hub;
};
