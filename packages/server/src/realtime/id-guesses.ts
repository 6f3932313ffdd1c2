import { BETWEEN, hashOf, QUOTE, type WrittenIds } from './written-ids.ts';

/**
 * Guesses the numbers of users from the bytes of their ids, without making strings of them. Every
 * guess is compared, and who is not guessed is asked for: whoever chooses ids so that they share a
 * place gains nothing. All of it lies close together, for a million ids that are looked up at once
 * wait for memory more than for anything else.
 */
export interface IdGuesses {
  /**
   * The number of each of these ids.
   *
   * @param ask the number of the id that stands from one place up to another
   */
  numbersOf(ids: WrittenIds, ask: (from: number, to: number) => number): Uint32Array;
  /** The number will be another user's. */
  forget(number: number): void;
}

/** A slot: number plus one, its generation, where the id's bytes start, how many, and where the id behind it was. */
const WIDTH = 5;
const [GENERATION, START, LENGTH, NEXT] = [1, 2, 3, 4];

/** Slots that one hash may stand in. Of the ids that find theirs full, fewer than one in a hundred, each is asked for. */
const BUCKET = 4;

const LEAST_SLOTS = 1024;

/** Slots for each id, at least. */
const ROOM = 2;

/** Bytes for each slot. Longer ids make the table begin anew more often. */
const BYTES = 16;

const createTable = (slots: number) => ({
  slots: new Int32Array(WIDTH * slots),
  mask: slots - BUCKET,
  ids: new Uint8Array(BYTES * slots),
  used: 0,
  taken: 0,
});

/** For each number how many users had it before. */
const createGenerations = () => {
  let generations = new Int32Array(LEAST_SLOTS);
  return {
    of: (number: number): number => generations[number] ?? 0,
    next: (number: number): void => {
      if (number >= generations.length) {
        const larger = new Int32Array(2 * (number + 1));
        larger.set(generations);
        generations = larger;
      }
      generations[number]! += 1;
    },
  };
};

/** Ids that were seen lately, each in its slot; -1 stands for no slot. */
const createSlots = () => {
  const generations = createGenerations();
  let table = createTable(LEAST_SLOTS);

  const isCurrent = (slot: number): boolean =>
    table.slots[slot + GENERATION] === generations.of(table.slots[slot]! - 1);

  /** Whether the id that begins at `from` is the one of this slot. */
  const isAt = (slot: number, bytes: Uint8Array, from: number): boolean => {
    const { slots, ids } = table;
    const length = slots[slot + LENGTH]!;
    if (length === 0 || bytes[from + length] !== QUOTE) return false;
    const start = slots[slot + START]!;
    for (let offset = 0; offset < length; offset += 1) {
      if (ids[start + offset] !== bytes[from + offset]) return false;
    }
    return isCurrent(slot);
  };

  /** The first slot of its bucket. The hash with its better upper half mixed in. */
  const bucketOf = (hash: number): number => ((hash ^ (hash >>> 15)) & table.mask) * WIDTH;

  /** Begun anew, and filled by whoever is asked for: what nobody asks for any more goes with it. */
  const makeRoom = (bytes: number): void => {
    const slots = table.mask + BUCKET;
    if (table.taken * ROOM > slots) table = createTable(4 * slots);
    else if (table.used + bytes > table.ids.length) table = createTable(slots);
  };

  const freeIn = (bucket: number, hash: number): number => {
    for (let slot = bucket; slot < bucket + BUCKET * WIDTH; slot += WIDTH) {
      if (table.slots[slot] === 0 || !isCurrent(slot)) return slot;
    }
    return bucket + (hash & (BUCKET - 1)) * WIDTH;
  };

  return {
    isAt,
    find: (hash: number, bytes: Uint8Array, from: number): number => {
      const bucket = bucketOf(hash);
      for (let slot = bucket; slot < bucket + BUCKET * WIDTH; slot += WIDTH) {
        if (isAt(slot, bytes, from)) return slot;
      }
      return -1;
    },
    note: (hash: number, bytes: Uint8Array, from: number, to: number, number: number): number => {
      makeRoom(to - from);
      const slot = freeIn(bucketOf(hash), hash);
      const { slots, ids, used } = table;
      if (slots[slot] === 0) table.taken += 1;
      slots[slot] = number + 1;
      slots[slot + GENERATION] = generations.of(number);
      slots[slot + START] = used;
      slots[slot + LENGTH] = to - from;
      slots[slot + NEXT] = 0;
      for (let at = from; at < to; at += 1) ids[used + at - from] = bytes[at]!;
      table.used += to - from;
      return slot;
    },
    table: () => table,
    forget: generations.next,
  };
};

export const createIdGuesses = (): IdGuesses => {
  const { isAt, find, note, table, forget } = createSlots();

  return {
    numbersOf: ({ bytes, start, count }, ask) => {
      const numbers = new Uint32Array(count);
      let from = start;
      let before = -1;
      for (let index = 0; index < count; index += 1) {
        const { slots } = table();
        // Lists of one team come in one order: who followed last time is likely to follow again.
        let slot = before < 0 ? -1 : slots[before + NEXT]! - 1;
        if (slot < 0 || !isAt(slot, bytes, from)) {
          const to = bytes.indexOf(QUOTE, from);
          const hash = hashOf(bytes, from, to);
          slot = find(hash, bytes, from);
          if (slot < 0) slot = note(hash, bytes, from, to, ask(from, to));
          if (before >= 0 && slots === table().slots) slots[before + NEXT] = slot + 1;
        }
        const found = table().slots;
        numbers[index] = found[slot]! - 1;
        from += found[slot + LENGTH]! + BETWEEN;
        before = slot;
      }
      return numbers;
    },
    forget,
  };
};
