import type { Policy } from '@presence/core';
import type { Node } from '../context.ts';
import { noteFlush } from '../metrics/flushes.ts';
import type { RecordChange } from '../types.ts';
import { createGroup, NOBODY, type Entry } from './audience.ts';
import { createFanOut } from './fan-out.ts';
import { createGroups, type Groups } from './groups.ts';
import { createHeldByUser, type HeldByUser } from './held-by-user.ts';
import type { Held } from './held.ts';
import { createKnown } from './known.ts';
import type { Link } from './link.ts';
import type { LiveTime } from './live-time.ts';
import type { Outbox } from './outbox.ts';
import { createResync } from './resync.ts';
import { createWatchedRooms, type WatchedRooms } from './rooms/watched-rooms.ts';
import { createRoster } from './roster.ts';
import { createSnapshots } from './snapshots.ts';
import { createTenantFeed } from './tenant-feed.ts';
import { createWatching, type Watching } from './watching.ts';
import type { SharedFrame } from './types.ts';

/** Everything of one tenant on this node: its sessions, its watchers, and its feed. */
export interface Hub {
  readonly tenant: string;
  readonly policy: Policy;
  readonly watching: Watching;
  readonly rooms: WatchedRooms;
  /** Sessions by user, also those whose grace runs. */
  readonly held: HeldByUser;
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

interface HubStats {
  readonly users: number;
  readonly entries: number;
  readonly audiences: number;
  readonly tenantWatches: number;
  readonly watches: number;
}

interface Parts {
  readonly tenant: string;
  readonly node: Node;
  readonly time: LiveTime;
  readonly outbox: Outbox;
  /** A change of a user with sessions here. */
  onHeld(hub: Hub, change: RecordChange): void;
}

/** How long a user who went offline is remembered, so that an older row that comes late is known as such. */
const REMEMBERED_MS = 30_000;

/** Who watches whom in the tenant, and what is known of those who are watched. */
const createAudience = ({ tenant, node, time, outbox }: Parts) => {
  const { engine, options } = node;
  const everyone = createGroup(NOBODY, 0);
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
    isWatched: (entry) => groups.isWatched(entry),
  });
  const fanOut = createFanOut({
    clock: options.clock,
    windowMs: options.policyOf(tenant).fanOutMs,
    everyone,
    eachOf: (changed, note) => groups.eachOf(changed, note),
    outbox,
    onFlushed: (changes, tookMs) => noteFlush(node.tally, tenant, changes, tookMs),
    asOf: known.asOf,
    isKept: known.isKept,
  });
  const groups: Groups = createGroups((number) => {
    if (isWatched()) return;
    for (const entry of known.withNumbers(Uint32Array.of(number))) known.forget(entry);
  });
  const roster = createRoster({ tenant, engine, known, time });
  const snapshots = createSnapshots({ known, roster, time });

  const forgetUnwatched = (isForgotten: (entry: Entry) => boolean): void => {
    for (const entry of known.entries.values()) {
      if (!groups.isWatched(entry) && isForgotten(entry)) known.forget(entry);
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

  return { known, roster, fanOut, groups, everyone, watching, isWatched, forgetUnwatched };
};

export const createHub = (parts: Parts): Hub => {
  const { tenant, node, onHeld } = parts;
  const { engine, options } = node;
  const policy = options.policyOf(tenant);
  const audience = createAudience(parts);
  const rooms = createWatchedRooms(parts);
  const { known, roster, fanOut, groups, everyone, watching, isWatched, forgetUnwatched } =
    audience;

  const onChange = (change: RecordChange): void => {
    const { userId } = change.key;
    if (hub.held.has(userId) || hub.opening.size > 0) onHeld(hub, change);
    const entry = isWatched() ? known.entryOf(userId) : known.entries.get(userId);
    if (entry) known.note(entry, change.record, change.at, true);
    rooms.seen(userId, change.record, change.at);
  };

  const resync = createResync(options, async () => {
    const keys = [...hub.held.userIds()].map((userId) => ({ tenant, userId }));
    for (const { key, record, at } of await engine.readMany(keys)) onHeld(hub, { key, record, at });
    await known.readAll([...known.entries.values()].filter(groups.isWatched));
    roster.expire();
    if (isWatched()) await roster.fresh();
    await rooms.reread();
  });
  const feed = createTenantFeed(node.feed, tenant, onChange, resync.start);

  const isEmpty = (): boolean =>
    hub.held.size === 0 &&
    hub.opening.size === 0 &&
    groups.size === 0 &&
    rooms.size === 0 &&
    !isWatched();

  const hub: Hub = {
    tenant,
    policy,
    watching,
    rooms,
    held: createHeldByUser(),
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
      watches: watching.size,
    }),
    close: () => {
      feed.close();
      resync.stop();
      fanOut.stop();
      rooms.stop();
    },
  };
  return hub;
};
