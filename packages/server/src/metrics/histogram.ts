/** How often values fell into each range: plain numbers, read when somebody asks. */
export interface Histogram {
  /** Upper bounds, ascending; what is above the last falls into a range without bound. */
  readonly bounds: readonly number[];
  /** One more than there are bounds, not cumulative. */
  readonly counts: readonly number[];
  readonly sum: number;
  observe(value: number): void;
}

export const createHistogram = (bounds: readonly number[]): Histogram => {
  const counts = Array.from({ length: bounds.length + 1 }, () => 0);
  let sum = 0;
  return {
    bounds,
    counts,
    get sum() {
      return sum;
    },
    observe: (value) => {
      let place = 0;
      while (place < bounds.length && value > (bounds[place] as number)) place += 1;
      counts[place] = (counts[place] ?? 0) + 1;
      sum += value;
    },
  };
};
