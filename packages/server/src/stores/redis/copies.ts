import { isSharedLease, type Lease, type LeaseId, type Write } from '@presence/core';
import type { Epochs } from './epochs.ts';
import type { Partitions } from './partitions.ts';
import type { Mode } from './renewals.ts';
import { encodeLease } from './text.ts';

/** A partition with a copy of a lease, because records there hold it or are about to. */
interface Place {
  /** Resolves when the copy is there. */
  readonly ready: Promise<unknown>;
  isReady: boolean;
  underWay: number;
  /** Commits that named the lease here, ever. */
  commits: number;
  /** Renewals in a row that met no holder. */
  quiet: number;
}

/** A partition to renew a lease in, and how. */
export interface Asked {
  readonly partition: number;
  readonly mode: Mode;
  /** To be handed back with the answer. */
  readonly commits: number;
}

/**
 * Where this process's shared leases are kept: at their home, which says whether they live, and in
 * every partition with records that hold them, so that a commit finds them beside its record. The
 * other partitions are not asked.
 */
export interface Copies {
  /** Where a lease has to be renewed: everywhere when it is new, or somebody else's. */
  askedFor(lease: Lease): readonly Asked[];
  /** How many records hold it in a partition that was asked. */
  counted(id: LeaseId, asked: Asked, holders: number): void;
  lost(id: LeaseId): void;
  /** Runs a commit once every lease that it names has a copy in its partition. */
  beside<Answer>(
    partition: number,
    writes: readonly Write[],
    commit: () => Promise<Answer>,
  ): Promise<Answer>;
}

/** A process has one lease at a time, and another after each loss. */
const MOST = 64;

/**
 * A commit that was given up may still be applied within two seconds; the second renewal comes
 * later than that.
 */
const QUIET = 2;

const sharedOf = (writes: readonly Write[]): Set<LeaseId> => {
  const ids = new Set<LeaseId>();
  for (const { holds } of writes) for (const id of holds) if (isSharedLease(id)) ids.add(id);
  return ids;
};

/** Leases of this process with the partitions that have copies, the latest ones. */
type Known = Map<LeaseId, Map<number, Place>>;

const createAskedFor = (known: Known, partitions: Partitions): Copies['askedFor'] => {
  const remember = (id: LeaseId): void => {
    if (known.size >= MOST) known.delete(known.keys().next().value!);
    known.set(id, new Map());
  };
  const everywhere = (home: number, atHome: Mode): Asked[] =>
    Array.from({ length: partitions.count }, (_, partition) => ({
      partition,
      mode: partition === home ? atHome : '2',
      commits: 0,
    }));

  return ({ id, create }) => {
    const home = partitions.homeOf(id);
    const atHome = create ? '1' : '';
    const places = known.get(id);
    if (!places) {
      if (create) remember(id);
      // One that ended is still held somewhere, perhaps, and is not to come back.
      return everywhere(home, atHome);
    }
    const asked: Asked[] = [{ partition: home, mode: atHome, commits: 0 }];
    for (const [partition, { commits, isReady }] of places) {
      if (isReady) asked.push({ partition, mode: '', commits });
    }
    return asked;
  };
};

/** The place of a lease in a partition; a new one has the copy on its way. */
const createPlaceOf = (known: Known, partitions: Partitions, epochs: Epochs) => {
  const copyInto = async (id: LeaseId, partition: number): Promise<void> => {
    const lease = encodeLease(id);
    const [, , lives] = await epochs.run('copy', partitions.homeOf(id), [lease, '']);
    // The commit finds out by itself that it has ended.
    if (lives !== 0) await epochs.run('copy', partition, [lease, lives as number]);
  };

  return (id: LeaseId, partition: number): Place | null => {
    const places = known.get(id);
    if (!places || partition === partitions.homeOf(id)) return null;
    const there = places.get(partition);
    if (there) return there;
    const ready = copyInto(id, partition);
    const place: Place = { ready, isReady: false, underWay: 0, commits: 0, quiet: 0 };
    places.set(partition, place);
    ready.then(
      () => (place.isReady = true),
      // Whoever waits sees the failure; the next one who asks tries again.
      () => places.delete(partition),
    );
    return place;
  };
};

/** Of a copy that is there already. */
const held = (): Place => ({
  ready: Promise.resolve(),
  isReady: true,
  underWay: 0,
  commits: 0,
  quiet: 0,
});

const counted = (place: Place, asked: Asked, holders: number): void => {
  if (place.underWay > 0 || place.commits !== asked.commits) return;
  place.quiet = holders > 0 ? 0 : place.quiet + 1;
};

export const createCopies = (partitions: Partitions, epochs: Epochs): Copies => {
  const known: Known = new Map();
  const placeOf = createPlaceOf(known, partitions, epochs);

  return {
    askedFor: createAskedFor(known, partitions),
    counted: (id, asked, holders) => {
      const { partition } = asked;
      const places = known.get(id);
      const place = places?.get(partition);
      if (place) counted(place, asked, holders);
      else if (holders > 0 && partition !== partitions.homeOf(id)) places?.set(partition, held());
      if (place && place.quiet >= QUIET) places?.delete(partition);
    },
    lost: (id) => void known.delete(id),
    beside: async (partition, writes, commit) => {
      const places: Place[] = [];
      for (const id of sharedOf(writes)) {
        const place = placeOf(id, partition);
        if (place) places.push(place);
      }
      for (const place of places) {
        place.underWay += 1;
        place.commits += 1;
      }
      try {
        for (const { ready } of places) await ready;
        return await commit();
      } finally {
        for (const place of places) place.underWay -= 1;
      }
    },
  };
};
