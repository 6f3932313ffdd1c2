/**
 * Guesses the numbers of users from the bytes of their ids, without making strings of them. Every
 * guess is compared, and who is not guessed is asked of a map: whoever chooses ids so that they
 * share a place gains nothing. All of it lies close together, for a million ids that are looked up
 * at once wait for memory more than for anything else.
 */
export interface IdGuesses {
  /** The number of the user with this id, `bytes` from `from` to `to`; -1: not guessed. */
  at(hash: number, bytes: Uint8Array, from: number, to: number): number;
  note(hash: number, bytes: Uint8Array, from: number, to: number, number: number): void;
  /** The number will be another user's. */
  forget(number: number): void;
}

/** A slot: number plus one, its generation, where the bytes of the id start, and how many they are. */
const WIDTH = 4;

const LEAST_SLOTS = 1024;

/** Slots for each id: two that want the same one are then rare, and each has a second choice. */
const ROOM = 2;

/** Bytes for each slot. Longer ids make the table begin anew more often. */
const BYTES = 16;

const createTable = (slots: number) => ({
  slots: new Int32Array(WIDTH * slots),
  mask: slots - 1,
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

export const createIdGuesses = (): IdGuesses => {
  const generations = createGenerations();
  let table = createTable(LEAST_SLOTS);

  /** The first choice; the second is its neighbour. The hash with its better upper half mixed in. */
  const slotOf = (hash: number): number => ((hash ^ (hash >>> 15)) & table.mask) * WIDTH;

  const isAt = (slot: number, bytes: Uint8Array, from: number, to: number): boolean => {
    const { slots, ids } = table;
    const length = to - from;
    if (slots[slot + 3] !== length) return false;
    const start = slots[slot + 2]!;
    for (let offset = 0; offset < length; offset += 1) {
      if (ids[start + offset] !== bytes[from + offset]) return false;
    }
    return slots[slot + 1] === generations.of(slots[slot]! - 1);
  };

  /** Begun anew, and filled by whoever is asked for: what nobody asks for any more goes with it. */
  const makeRoom = (bytes: number): void => {
    const slots = table.mask + 1;
    if (table.taken * ROOM > slots) table = createTable(4 * slots);
    else if (table.used + bytes > table.ids.length) table = createTable(slots);
  };

  return {
    at: (hash, bytes, from, to) => {
      const first = slotOf(hash);
      if (isAt(first, bytes, from, to)) return table.slots[first]! - 1;
      const second = first ^ WIDTH;
      return isAt(second, bytes, from, to) ? table.slots[second]! - 1 : -1;
    },
    note: (hash, bytes, from, to, number) => {
      makeRoom(to - from);
      const first = slotOf(hash);
      const { slots, ids } = table;
      const slot = slots[first] === 0 || slots[first ^ WIDTH] !== 0 ? first : first ^ WIDTH;
      if (slots[slot] === 0) table.taken += 1;
      slots[slot] = number + 1;
      slots[slot + 1] = generations.of(number);
      slots[slot + 2] = table.used;
      slots[slot + 3] = to - from;
      for (let at = from; at < to; at += 1) ids[table.used + at - from] = bytes[at]!;
      table.used += to - from;
    },
    forget: generations.next,
  };
};
