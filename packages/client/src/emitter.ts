import type { Cancel } from '@presence/core';

/** Who is told of one thing. By hand: what it needs of a library's emitter is a tenth of its size. */
export interface Listeners<Args extends readonly unknown[]> {
  add(listener: (...args: Args) => void): Cancel;
  fire(...args: Args): void;
  size(): number;
}

/** @param report is told what a listener threw; the others are called all the same */
export const createListeners = <Args extends readonly unknown[]>(
  report: (cause: unknown) => void,
): Listeners<Args> => {
  const held = new Set<{ readonly listener: (...args: Args) => void }>();
  return {
    add(listener) {
      // An entry of its own for each call: the same function may be added twice.
      const entry = { listener };
      held.add(entry);
      return () => void held.delete(entry);
    },
    fire(...args) {
      // A copy: a listener that subscribes anew must not be called again for the same thing.
      for (const entry of Array.from(held)) {
        if (!held.has(entry)) continue;
        try {
          entry.listener(...args);
        } catch (cause) {
          report(cause);
        }
      }
    },
    size: () => held.size,
  };
};
