/** Numbers in order of a key that they were pushed with. */
export interface Heap {
  push(key: number, value: number): void;
  /** The value with the least key; only while there is one. */
  pop(): number;
  /** `Infinity` when empty. */
  leastKey(): number;
}

const createPairs = () => {
  const keys: number[] = [];
  const values: number[] = [];
  const swap = (a: number, b: number): void => {
    const key = keys[a]!;
    const value = values[a]!;
    keys[a] = keys[b]!;
    values[a] = values[b]!;
    keys[b] = key;
    values[b] = value;
  };
  return { keys, values, swap };
};

/** A binary heap in two arrays of numbers: nothing to collect. */
export const createHeap = (): Heap => {
  const { keys, values, swap } = createPairs();

  const rise = (from: number): void => {
    let child = from;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (keys[parent]! <= keys[child]!) return;
      swap(parent, child);
      child = parent;
    }
  };

  const sink = (): void => {
    let parent = 0;
    for (;;) {
      let least = parent;
      for (let child = 2 * parent + 1; child <= 2 * parent + 2; child += 1) {
        if (child < keys.length && keys[child]! < keys[least]!) least = child;
      }
      if (least === parent) return;
      swap(parent, least);
      parent = least;
    }
  };

  return {
    push: (key, value) => {
      values.push(value);
      rise(keys.push(key) - 1);
    },
    pop: () => {
      const top = values[0]!;
      swap(0, keys.length - 1);
      keys.pop();
      values.pop();
      sink();
      return top;
    },
    leastKey: () => keys[0] ?? Infinity,
  };
};
