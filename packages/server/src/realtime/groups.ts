import { createGroup, type Entry, type Group, type Watch } from './audience.ts';
import { FNV_BASIS, mixed } from './fnv.ts';
import { createWatcherIndex, type WatcherIndex } from './watcher-index.ts';

/** Audiences of one tenant by whom they watch, each kept once and as long as it has members. */
export interface Groups extends Pick<WatcherIndex, 'eachOf'> {
  /** Moves a watch to the audience of exactly these users, which may be none. */
  move(watch: Watch, numbers: Uint32Array): void;
  leave(watch: Watch): void;
  /** Whether an audience watches the user by id. */
  isWatched(entry: Entry): boolean;
  readonly size: number;
}

/** The order in which the users of an audience stand. */
export const byNumber = (a: Entry, b: Entry): number => a.number - b.number;

// Numbers are gone through by index: a crowd's are a million, and `for of` makes an object for each until it is optimised.

/** Equal sets of users have equal hashes, unequal ones are told apart by comparing. */
const hashOf = (numbers: Uint32Array): number => {
  let hash = FNV_BASIS;
  for (let index = 0; index < numbers.length; index += 1) hash = mixed(hash, numbers[index]!);
  return hash >>> 0;
};

const sameNumbers = (a: Uint32Array, b: Uint32Array): boolean => {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
};

/** By how many audiences each user is watched, by number. */
const createCounts = () => {
  let counts = new Uint32Array(256);

  const room = (numbers: Uint32Array): void => {
    const last = numbers.at(-1) ?? 0;
    if (last < counts.length) return;
    const grown = new Uint32Array(2 * (last + 1));
    grown.set(counts);
    counts = grown;
  };

  return {
    add: (numbers: Uint32Array): void => {
      room(numbers);
      for (let index = 0; index < numbers.length; index += 1) counts[numbers[index]!]! += 1;
    },
    /** Those of whom no audience is left. */
    remove: (numbers: Uint32Array): readonly number[] => {
      const left: number[] = [];
      for (let index = 0; index < numbers.length; index += 1) {
        const number = numbers[index]!;
        counts[number]! -= 1;
        if (counts[number] === 0) left.push(number);
      }
      return left;
    },
    of: (number: number): number => counts[number] ?? 0,
  };
};

/** @param onUnwatched called for each user, by number, whom no audience watches by id any more */
export const createGroups = (onUnwatched: (number: number) => void): Groups => {
  const byHash = new Map<number, readonly Group[]>();
  const counts = createCounts();
  const index = createWatcherIndex();

  const find = (numbers: Uint32Array): Group => {
    const hash = hashOf(numbers);
    const alike = byHash.get(hash) ?? [];
    const known = alike.find((group) => sameNumbers(group.numbers, numbers));
    if (known) return known;
    const group = createGroup(numbers, hash);
    byHash.set(hash, alike.concat(group));
    counts.add(numbers);
    index.add(group);
    return group;
  };

  const drop = (group: Group): void => {
    const others = (byHash.get(group.hash) ?? []).filter((other) => other !== group);
    if (others.length > 0) byHash.set(group.hash, others);
    else byHash.delete(group.hash);
    index.remove(group);
    for (const number of counts.remove(group.numbers)) onUnwatched(number);
  };

  const leave = (group: Group, watch: Watch): void => {
    if (group.members.delete(watch) && group.members.size === 0) drop(group);
  };

  return {
    move: (watch, numbers) => {
      const before = watch.group;
      const next = find(numbers);
      if (next === before && next.members.has(watch)) return;
      next.members.add(watch);
      // Afterwards, so that users in both audiences are never unwatched in between.
      leave(before, watch);
      watch.group = next;
    },
    leave: (watch) => leave(watch.group, watch),
    isWatched: ({ number }) => counts.of(number) > 0,
    eachOf: index.eachOf,
    get size() {
      return byHash.size;
    },
  };
};
