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
  /** Their rows, of those that have one. */
  rowsOf(numbers: Uint32Array): string[];
  /** Whether the entry was not forgotten: its number may be another's by now. */
  isKept(entry: Entry): boolean;
  forget(entry: Entry): void;
}

/** In order, each of them once. */
export const distinct = (numbers: Uint32Array): Uint32Array => {
  const sorted = numbers.sort();
  let count = 0;
  for (let index = 0; index < sorted.length; index += 1) {
    const number = sorted[index]!;
    if (count === 0 || sorted[count - 1] !== number) {
      sorted[count] = number;
      count += 1;
    }
  }
  return count === sorted.length ? sorted : sorted.slice(0, count);
};

/** As long as it will be from the start: a list that grows step by step leaves three others behind. */
// oxlint-disable-next-line unicorn/no-new-array -- Array.from would fill it first
const listOf = <Item>(length: number): Item[] => new Array<Item>(length);

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
      const entries = listOf<Entry>(numbers.length);
      for (let index = 0; index < numbers.length; index += 1) {
        entries[index] = byNumber[numbers[index]!]!;
      }
      return entries;
    },
    rowsOf: (numbers) => {
      const rows = listOf<string>(numbers.length);
      let count = 0;
      for (let index = 0; index < numbers.length; index += 1) {
        const { json } = byNumber[numbers[index]!]!;
        if (json === '') continue;
        rows[count] = json;
        count += 1;
      }
      rows.length = count;
      return rows;
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
