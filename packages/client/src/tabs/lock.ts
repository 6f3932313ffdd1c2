import type { Cancel } from '@presence/core';
import type { BrowserLike } from '../types.ts';

export type Locks = NonNullable<BrowserLike['locks']>;

/**
 * Asks for a lock and keeps it until the returned function gives it, or the place in the queue, back.
 *
 * @param steal takes it from whoever has it
 * @param won called once it is held, never within the call
 * @param over another took it away; or, if it was not `held`, it cannot be had
 */
export const holdLock = (
  locks: Locks,
  name: string,
  steal: boolean,
  won: () => void,
  over: (held: boolean) => void,
): Cancel => {
  const abort = new AbortController();
  let ended = false;
  let held = false;
  let release = (): void => {};
  const hold = (): Promise<void> | undefined => {
    if (ended) return undefined;
    held = true;
    won();
    // Whoever heard of it may have given it back already.
    if (ended) return undefined;
    return new Promise((resolve) => {
      release = resolve;
    });
  };
  const broken = (): void => {
    if (!ended) over(held);
  };
  try {
    const options = steal ? { steal } : { signal: abort.signal };
    void locks.request(name, options, hold).then(undefined, broken);
  } catch {
    queueMicrotask(broken);
  }
  return () => {
    ended = true;
    abort.abort();
    release();
  };
};
