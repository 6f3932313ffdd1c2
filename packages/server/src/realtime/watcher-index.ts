import type { Entry, Group } from './audience.ts';

/**
 * Who watches whom, the other way round: the audiences of each user. A million pairs of watcher and
 * watched come within a second when everybody is back at once, so pairs are not noted one by one.
 * New audiences are looked through whole, in their order; once that has cost as much as the index
 * does, all of them are counted into it in one go.
 */
export interface WatcherIndex {
  add(group: Group): void;
  remove(group: Group): void;
  /** Calls `note` for each audience of each of these users, and for each audience in the users' own order. */
  eachOf(changed: readonly Entry[], note: (group: Group, entry: Entry) => void): void;
}

// Numbers are gone through by index: a crowd's are a million, and `for of` makes an object for each until it is optimised.

/** Looking through so few pairs is never worth an index. */
const FEW_PAIRS = 4096;

/** Rows of a table by user number: `rows` from `starts[n]` up to `starts[n + 1]` are audiences of user n. */
interface Table {
  readonly groups: (Group | null)[];
  readonly starts: Uint32Array;
  readonly rows: Uint32Array;
}

const EMPTY: Table = { groups: [], starts: new Uint32Array(1), rows: new Uint32Array(0) };

/** A counting sort: two passes over the pairs, in order. */
const tableOf = (groups: Group[], pairs: number): Table => {
  let users = 0;
  for (const { numbers } of groups) users = Math.max(users, (numbers.at(-1) ?? -1) + 1);
  const starts = new Uint32Array(users + 1);
  for (const { numbers } of groups) {
    for (let index = 0; index < numbers.length; index += 1) starts[numbers[index]! + 1]! += 1;
  }
  for (let user = 0; user < users; user += 1) starts[user + 1]! += starts[user]!;
  const rows = new Uint32Array(pairs);
  const next = starts.slice();
  groups.forEach((group, place) => {
    const { numbers } = group;
    group.place = place;
    for (let index = 0; index < numbers.length; index += 1) {
      const number = numbers[index]!;
      rows[next[number]!] = place;
      next[number]! += 1;
    }
  });
  return { groups, starts, rows };
};

export const createWatcherIndex = (): WatcherIndex => {
  let table = EMPTY;
  const young = new Set<Group>();
  let youngPairs = 0;
  /** Pairs of audiences that are gone, still in the table. */
  let deadPairs = 0;
  /** Pairs that were looked through since the table was made. */
  let looked = 0;
  /** For each user number the place among the changed, plus one; all zero between two calls. */
  let places = new Uint32Array(0);

  const renew = (): void => {
    const groups = table.groups.filter((group) => group !== null).concat(...young);
    table = tableOf(groups, table.rows.length - deadPairs + youngPairs);
    young.clear();
    youngPairs = 0;
    deadPairs = 0;
    looked = 0;
  };

  const isWorthRenewing = (): boolean => {
    const pairs = table.rows.length + youngPairs;
    return deadPairs > FEW_PAIRS + pairs / 2 || looked > FEW_PAIRS + pairs;
  };

  const lookThrough = (changed: readonly Entry[], note: (group: Group, entry: Entry) => void) => {
    const last = changed.reduce((most, { number }) => Math.max(most, number), 0);
    if (places.length <= last) places = new Uint32Array(2 * (last + 1));
    changed.forEach(({ number }, index) => (places[number] = index + 1));
    for (const group of young) {
      const { numbers } = group;
      for (let index = 0; index < numbers.length; index += 1) {
        const place = places[numbers[index]!];
        if (place) note(group, changed[place - 1]!);
      }
    }
    for (const { number } of changed) places[number] = 0;
    looked += youngPairs;
  };

  return {
    add: (group) => {
      young.add(group);
      youngPairs += group.numbers.length;
    },
    remove: (group) => {
      if (young.delete(group)) {
        youngPairs -= group.numbers.length;
        return;
      }
      table.groups[group.place] = null;
      deadPairs += group.numbers.length;
    },
    eachOf: (changed, note) => {
      if (isWorthRenewing()) renew();
      for (const entry of changed) {
        const end = table.starts[entry.number + 1] ?? 0;
        for (let row = table.starts[entry.number] ?? 0; row < end; row += 1) {
          const group = table.groups[table.rows[row]!];
          if (group) note(group, entry);
        }
      }
      if (young.size > 0) lookThrough(changed, note);
    },
  };
};
