import { createEntry, type Entry } from './audience.ts';
import { createIdGuesses } from './id-guesses.ts';
import type { WrittenIds } from './written-ids.ts';

/** Entries by id and by number. A number is given again once its user is forgotten. */
export interface Entries {
  readonly byId: ReadonlyMap<string, Entry>;
  /** Finds or begins it. */
  entryOf(userId: string): Entry;
  /** The numbers of these users, in order, each of them once; begins those that are not known. */
  numbersOf(userIds: readonly string[] | WrittenIds): Uint32Array;
  /** Those with these numbers, which somebody watches. */
  withNumbers(numbers: Uint32Array): readonly Entry[];
  /** Whether the entry was not forgotten: its number may be another's by now. */
  isKept(entry: Entry): boolean;
  forget(entry: Entry): void;
}

/** In order, each of them once. */
export const distinct = (numbers: Uint32Array): Uint32Array => {
  const sorted = numbers.sort();
  let count = 0;
  for (const number of sorted) {
    if (count === 0 || sorted[count - 1] !== number) {
      sorted[count] = number;
      count += 1;
    }
  }
  return count === sorted.length ? sorted : sorted.slice(0, count);
};

export const createEntries = (): Entries => {
  const byId = new Map<string, Entry>();
  const byNumber: (Entry | undefined)[] = [];
  const free: number[] = [];
  const guesses = createIdGuesses();

  const begin = (userId: string): Entry => {
    const number = free.pop() ?? byNumber.length;
    const entry = createEntry(userId, number);
    byNumber[number] = entry;
    byId.set(userId, entry);
    return entry;
  };

  const entryOf = (userId: string): Entry => byId.get(userId) ?? begin(userId);

  const written = (ids: WrittenIds): Uint32Array =>
    guesses.numbersOf(ids, (from, to) => entryOf(ids.bytes.toString('latin1', from, to)).number);

  const isKept = (entry: Entry): boolean => byNumber[entry.number] === entry;

  return {
    byId,
    entryOf,
    numbersOf: (userIds) =>
      distinct(
        'bytes' in userIds
          ? written(userIds)
          : Uint32Array.from(userIds, (userId) => entryOf(userId).number),
      ),
    withNumbers: (numbers) => {
      // As long as it will be from the start: grown step by step it would leave three others behind.
      const entries = new Array<Entry>(numbers.length);
      for (let index = 0; index < numbers.length; index += 1) {
        entries[index] = byNumber[numbers[index]!]!;
      }
      return entries;
    },
    isKept,
    forget: (entry) => {
      if (!isKept(entry)) return;
      byId.delete(entry.userId);
      byNumber[entry.number] = undefined;
      guesses.forget(entry.number);
      free.push(entry.number);
    },
  };
};
