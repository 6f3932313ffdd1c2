/** Something of each combination of label values that occurred. The values come from short closed lists. */
export interface Labelled<Value> {
  of(...labels: readonly string[]): Value;
  entries(): Iterable<readonly [labels: readonly string[], value: Value]>;
}

/** Counts that grow by one. */
export interface Counts {
  add(...labels: readonly string[]): void;
  entries(): Iterable<readonly [labels: readonly string[], value: number]>;
}

export const createLabelled = <Value>(create: () => Value): Labelled<Value> => {
  const known = new Map<string, readonly [readonly string[], Value]>();
  return {
    of: (...labels) => {
      const name = labels.join('\n');
      let entry = known.get(name);
      if (!entry) {
        entry = [labels, create()];
        known.set(name, entry);
      }
      return entry[1];
    },
    entries: () => known.values(),
  };
};

export const createCounts = (): Counts => {
  const counts = createLabelled(() => ({ value: 0 }));
  return {
    add: (...labels) => {
      counts.of(...labels).value += 1;
    },
    entries: () => [...counts.entries()].map(([labels, { value }]) => [labels, value] as const),
  };
};
