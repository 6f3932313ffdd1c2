import type { WrittenIds } from './written-ids.ts';

/**
 * Guesses the numbers of users from the characters of their ids, without making strings of them.
 * Every guess is compared, and who is not guessed is asked of a map: whoever chooses ids so that
 * they share a place gains nothing. All of it lies close together, for a million ids that are looked
 * up at once wait for memory more than for anything else.
 */
export interface IdGuesses {
  /** The number of the id at `index`; -1: not guessed. */
  at(ids: WrittenIds, index: number): number;
  note(ids: WrittenIds, index: number, number: number): void;
  /** The number will be another user's. */
  forget(number: number): void;
}

/** A slot: number plus one, its generation, where the characters of the id start, and how many they are. */
const WIDTH = 4;

const LEAST_SLOTS = 1024;

/** Slots for each id: two that want the same one are then rare, and each has a second choice. */
const ROOM = 2;

/** Characters for each slot. Longer ids make the table begin anew more often. */
const CHARACTERS = 16;

const createTable = (slots: number) => ({
  slots: new Int32Array(WIDTH * slots),
  mask: slots - 1,
  characters: new Uint8Array(CHARACTERS * slots),
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

export const createIdGuesses = (): IdGuesses => {
  const generations = createGenerations();
  let table = createTable(LEAST_SLOTS);

  /** The first choice; the second is its neighbour. */
  const slotOf = ({ places }: WrittenIds, index: number): number => {
    const hash = places[3 * index + 2]!;
    return ((hash ^ (hash >>> 15)) & table.mask) * WIDTH;
  };

  const isAt = (slot: number, { text, places }: WrittenIds, index: number): boolean => {
    const { slots, characters } = table;
    const from = places[3 * index]!;
    const length = places[3 * index + 1]! - from;
    if (slots[slot + 3] !== length) return false;
    const start = slots[slot + 2]!;
    for (let offset = 0; offset < length; offset += 1) {
      if (characters[start + offset] !== text.charCodeAt(from + offset)) return false;
    }
    return slots[slot + 1] === generations.of(slots[slot]! - 1);
  };

  const write = (slot: number, { text, places }: WrittenIds, index: number): number => {
    const { slots, characters } = table;
    const from = places[3 * index]!;
    const length = places[3 * index + 1]! - from;
    slots[slot + 2] = table.used;
    slots[slot + 3] = length;
    for (let offset = 0; offset < length; offset += 1) {
      characters[table.used + offset] = text.charCodeAt(from + offset);
    }
    return length;
  };

  /** Begun anew, and filled by whoever is asked for: what nobody asks for any more goes with it. */
  const makeRoom = (): void => {
    const slots = table.mask + 1;
    if (table.taken * ROOM > slots) table = createTable(2 * slots);
    else if (table.used + 128 > table.characters.length) table = createTable(slots);
  };

  return {
    at: (ids, index) => {
      const first = slotOf(ids, index);
      if (isAt(first, ids, index)) return table.slots[first]! - 1;
      const second = first ^ WIDTH;
      return isAt(second, ids, index) ? table.slots[second]! - 1 : -1;
    },
    note: (ids, index, number) => {
      makeRoom();
      const first = slotOf(ids, index);
      const { slots } = table;
      const slot = slots[first] === 0 || slots[first ^ WIDTH] !== 0 ? first : first ^ WIDTH;
      if (slots[slot] === 0) table.taken += 1;
      slots[slot] = number + 1;
      slots[slot + 1] = generations.of(number);
      table.used += write(slot, ids, index);
    },
    forget: generations.next,
  };
};
