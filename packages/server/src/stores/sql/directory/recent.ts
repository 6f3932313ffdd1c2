import type { Clock } from '@presence/core';

/** What was found a moment ago, by name: of what says how something is read, and not what is found. */
export interface Recent<Value> {
  get(name: string): Value | undefined;
  set(name: string, value: Value): void;
}

/** It may be as old. */
const KEPT_MS = 10_000;
const MOST_KEPT = 1000;

export const createRecent = <Value>(clock: Clock): Recent<Value> => {
  const kept = new Map<string, { readonly value: Value; readonly until: number }>();
  return {
    get: (name) => {
      const found = kept.get(name);
      const now = clock.now();
      // A clock that was set back has not kept it for longer.
      return found && now < found.until && found.until - now <= KEPT_MS ? found.value : undefined;
    },
    set: (name, value) => {
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(name, { value, until: clock.now() + KEPT_MS });
    },
  };
};
