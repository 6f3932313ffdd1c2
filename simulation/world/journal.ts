import { createHash } from 'node:crypto';

/** What happened in a run, in order. Two runs of one seed have the same hash. */
export interface Journal {
  note(text: string): void;
  /** Counts for the hash, and is not kept. */
  trace(text: string): void;
  readonly length: number;
  last(count: number): readonly string[];
  hash(): string;
}

const KEPT = 400;

export const createJournal = (now: () => number): Journal => {
  const startAt = now();
  const hash = createHash('sha256');
  let kept: string[] = [];
  let length = 0;
  return {
    note: (text) => {
      const line = `${((now() - startAt) / 1000).toFixed(3)} ${text}`;
      hash.update(line);
      length += 1;
      kept.push(line);
      if (kept.length > 2 * KEPT) kept = kept.slice(-KEPT);
    },
    trace: (text) => void hash.update(`${now()} ${text}`),
    get length() {
      return length;
    },
    last: (count) => kept.slice(-count),
    hash: () => hash.copy().digest('hex'),
  };
};
