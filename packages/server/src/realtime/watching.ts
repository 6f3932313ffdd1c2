import { createGroup, NOBODY, NOT_JOINED, type Entry, type Group, type Watch } from './audience.ts';
import { distinct } from './entries.ts';
import type { FanOut } from './fan-out.ts';
import type { Groups } from './groups.ts';
import type { Known } from './known.ts';
import type { Link } from './link.ts';
import type { Outbox } from './outbox.ts';
import type { WatchedRoom } from './rooms/watched-room.ts';
import type { Roster } from './roster.ts';
import type { Snapshots } from './snapshots.ts';
import { addWatch, isWatched, removeWatch, watchCalled, watchesOf } from './watch-list.ts';
import type { WrittenIds } from './written-ids.ts';

/**
 * Joins watches to the stream of changes without loss or repetition: a watch is registered first,
 * then the users are read, then the snapshot is sent, and it says up to which change it reaches.
 */
export interface Watching {
  /** Resolves when the snapshot was handed over. */
  tenant(link: Link, id: string): Promise<void>;
  /** Changes whom a set watch is about; begins it where there is none. */
  users(
    link: Link,
    id: string,
    add: readonly string[] | WrittenIds,
    remove: readonly string[],
  ): Promise<void>;
  /** The same for a room. */
  room(link: Link, id: string, room: WatchedRoom): Promise<void>;
  end(watch: Watch): void;
  /** Sends all of a link's watches anew. */
  resend(link: Link): void;
  /** Watches of every kind. */
  readonly size: number;
}

interface Parts {
  readonly known: Known;
  readonly groups: Groups;
  readonly roster: Roster;
  readonly snapshots: Snapshots;
  readonly fanOut: FanOut;
  readonly outbox: Outbox;
  readonly everyone: Group;
  onTenantUnwatched(): void;
}

/** A user whose row another change overtook is read again, so many times at most. */
const MOST_READS = 3;

const NO_AUDIENCE = createGroup(NOBODY, 0);

type About = Partial<Pick<Watch, 'group' | 'isTenant' | 'room'>>;

const createWatch = (link: Link, id: string, about: About = {}): Watch => ({
  link,
  next: null,
  id,
  isTenant: about.isTenant ?? false,
  room: about.room ?? null,
  group: about.group ?? NO_AUDIENCE,
  joinedSeq: NOT_JOINED,
});

/** The steps that joining is made of. */
const createSteps = (parts: Parts) => {
  const { known, groups, fanOut, outbox, everyone } = parts;

  const readUntilKnown = async (entries: readonly Entry[]): Promise<void> => {
    await known.refresh(entries);
    for (let reads = 1; reads < MOST_READS; reads += 1) {
      if (entries.every(({ json }) => json !== '')) return;
      const unread = entries.filter(({ json }) => json === '');
      await known.refresh(unread);
    }
  };

  /**
   * A user in two watches of one link is told of once. Before a snapshot joins, the other watches
   * are therefore brought up to the same change.
   */
  const catchUp = (link: Link): void => {
    const joined = watchesOf(link).filter(({ joinedSeq }) => joinedSeq !== NOT_JOINED);
    if (joined.length === 0) return;
    const pending = fanOut.pendingFor(joined);
    const frame = pending.length > 0 ? fanOut.latest(link, pending) : null;
    if (frame) outbox.rows(link, frame, pending);
    for (const watch of joined) watch.joinedSeq = known.seq();
  };

  let size = 0;

  const end = (watch: Watch): void => {
    removeWatch(watch);
    watch.link.toldSeq = Math.max(watch.link.toldSeq, watch.joinedSeq);
    size -= 1;
    if (watch.room) {
      watch.room.end(watch);
    } else if (!watch.isTenant) {
      groups.leave(watch);
    } else if (everyone.members.delete(watch) && everyone.members.size === 0) {
      everyone.snapshot = null;
      parts.onTenantUnwatched();
    }
  };

  const begin = async (watch: Watch, read: () => Promise<void>): Promise<boolean> => {
    addWatch(watch);
    size += 1;
    try {
      const turn = watch.room ? null : fanOut.arrived();
      if (turn !== null) await turn;
      await read();
    } catch (error) {
      if (isWatched(watch)) end(watch);
      throw error;
    }
    // With whatever answers the frame that asked for the watch.
    watch.link.connection.together?.();
    return isWatched(watch);
  };

  return { readUntilKnown, catchUp, end, begin, size: () => size };
};

const without = (
  numbers: Uint32Array,
  userIds: readonly string[],
  { entries }: Known,
): Uint32Array => {
  const gone = new Set(userIds.map((userId) => entries.get(userId)?.number));
  return numbers.filter((number) => !gone.has(number));
};

const createResend =
  ({ snapshots, outbox }: Parts): Watching['resend'] =>
  (link) => {
    for (const watch of watchesOf(link)) {
      watch.room?.resend(watch);
      if (watch.joinedSeq === NOT_JOINED) continue;
      const frames = watch.isTenant ? snapshots.ofTenant(watch) : snapshots.ofWatch(watch);
      outbox.snapshot(link, frames);
    }
  };

export const createWatching = (parts: Parts): Watching => {
  const { known, groups, roster, snapshots, outbox, everyone } = parts;
  const { readUntilKnown, catchUp, end, begin, size } = createSteps(parts);

  const tenant = async (link: Link, id: string): Promise<void> => {
    const watch = createWatch(link, id, { group: everyone, isTenant: true });
    everyone.members.add(watch);
    if (!(await begin(watch, roster.fresh))) return;
    catchUp(link);
    outbox.snapshot(link, snapshots.ofTenant(watch));
  };

  const room: Watching['room'] = async (link, id, watched) => {
    const watch = createWatch(link, id, { room: watched });
    if (await begin(watch, () => watched.begin(watch))) watched.join(watch);
  };

  const beginSet = async (link: Link, id: string, numbers: Uint32Array): Promise<void> => {
    const watch = createWatch(link, id);
    const entries = known.withNumbers(numbers);
    groups.move(watch, numbers);
    if (!(await begin(watch, () => readUntilKnown(entries)))) return;
    catchUp(link);
    outbox.snapshot(link, snapshots.ofWatch(watch));
  };

  /** The new users wait in an audience of their own, until they are known and can join the others. */
  const extend = async (watch: Watch, numbers: Uint32Array): Promise<void> => {
    const { link } = watch;
    const waiting = createWatch(link, watch.id);
    const entries = known.withNumbers(numbers);
    groups.move(waiting, numbers);
    try {
      await readUntilKnown(entries);
      if (!isWatched(watch)) return;
      catchUp(link);
      groups.move(watch, distinct(Uint32Array.from([...watch.group.numbers, ...numbers])));
      outbox.snapshot(link, snapshots.ofUsers(watch, numbers));
    } finally {
      groups.leave(waiting);
    }
  };

  const users: Watching['users'] = async (link, id, added, removed) => {
    const watch = watchCalled(link, id);
    if (!watch) return beginSet(link, id, known.numbersOf(added));
    if (removed.length > 0) groups.move(watch, without(watch.group.numbers, removed, known));
    const watched = new Set(watch.group.numbers);
    const fresh = known.numbersOf(added).filter((number) => !watched.has(number));
    if (fresh.length > 0) await extend(watch, fresh);
  };

  return {
    tenant,
    users,
    room,
    end,
    get size() {
      return size();
    },
    resend: createResend(parts),
  };
};
