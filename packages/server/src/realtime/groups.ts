import { createGroup, type Entry, type Group, type Watch } from './audience.ts';

/** Audiences of one tenant by whom they watch, each kept once and as long as it has members. */
export interface Groups {
  /** Moves a watch to the audience of exactly these users, which may be none. */
  move(watch: Watch, entries: readonly Entry[]): void;
  leave(watch: Watch): void;
  readonly size: number;
}

/** The order in which the users of an audience stand. */
export const byNumber = (a: Entry, b: Entry): number => a.number - b.number;

/** FNV-1a over the users' numbers; equal sets of users have equal hashes, unequal ones are told apart by comparing. */
const hashOf = (entries: readonly Entry[]): number => {
  let hash = 0x811c9dc5;
  for (const { number } of entries) hash = Math.imul(hash ^ number, 0x01000193);
  return hash >>> 0;
};

const sameEntries = (a: readonly Entry[], b: readonly Entry[]): boolean =>
  a.length === b.length && a.every((entry, index) => entry === b[index]);

/** @param onUnwatched called for each user whom no audience watches by id any more */
export const createGroups = (onUnwatched: (entry: Entry) => void): Groups => {
  const byHash = new Map<number, Group[]>();

  const find = (entries: readonly Entry[]): Group => {
    const hash = hashOf(entries);
    const alike = byHash.get(hash) ?? [];
    const known = alike.find((group) => sameEntries(group.entries, entries));
    if (known) return known;
    const group = createGroup(entries, hash);
    for (const entry of entries) (entry.groups ??= new Set()).add(group);
    byHash.set(hash, [...alike, group]);
    return group;
  };

  const drop = (group: Group): void => {
    const others = (byHash.get(group.hash) ?? []).filter((other) => other !== group);
    if (others.length > 0) byHash.set(group.hash, others);
    else byHash.delete(group.hash);
    for (const entry of group.entries) {
      entry.groups?.delete(group);
      if (entry.groups?.size !== 0) continue;
      entry.groups = null;
      onUnwatched(entry);
    }
  };

  const leave = (group: Group, watch: Watch): void => {
    if (group.members.delete(watch) && group.members.size === 0) drop(group);
  };

  return {
    move: (watch, entries) => {
      const before = watch.group;
      const next = find([...entries].sort(byNumber));
      if (next === before && next.members.has(watch)) return;
      next.members.add(watch);
      // Afterwards, so that users in both audiences are never unwatched in between.
      leave(before, watch);
      watch.group = next;
    },
    leave: (watch) => leave(watch.group, watch),
    get size() {
      return byHash.size;
    },
  };
};
