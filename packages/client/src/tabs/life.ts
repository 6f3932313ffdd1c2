import type { BrowserLike } from '../types.ts';

type Locks = NonNullable<BrowserLike['locks']>;

/** Each tab holds a lock of its own for as long as it lives, so that the others learn of its end even if it crashed. */
const lockOf = (shared: string, tab: string): string => `${shared} ${tab}`;

/** @param alive called once the lock is held, or not at all @param refused called if it cannot be had */
export const holdLife = (
  locks: Locks,
  shared: string,
  tab: string,
  alive: () => void,
  refused: () => void,
): (() => void) => {
  const abort = new AbortController();
  let ended = false;
  let release = (): void => {};
  const hold = (): Promise<void> | undefined => {
    if (ended) return undefined;
    alive();
    if (ended) return undefined;
    return new Promise((resolve) => {
      release = resolve;
    });
  };
  const failed = (): void => {
    if (!ended) refused();
  };
  try {
    void locks.request(lockOf(shared, tab), { signal: abort.signal }, hold).catch(failed);
  } catch {
    queueMicrotask(failed);
  }
  return () => {
    ended = true;
    abort.abort();
    release();
  };
};

/** Calls `gone` when that tab's life is over. */
export const awaitEnd = (
  locks: Locks,
  shared: string,
  tab: string,
  signal: AbortSignal,
  gone: () => void,
): void => {
  void locks.request(lockOf(shared, tab), { signal }, () => gone()).catch(() => {});
};
