import type { Cancel } from '@presence/core';
import type { BrowserLike } from '../types.ts';

export type Locks = NonNullable<BrowserLike['locks']>;

/**
 * Asks for a lock and keeps it until the returned function gives it, or the place in the queue, back.
 *
 * @param won called once it is held, never within the call
 * @param over another took it away; or, if it was not `held`, it cannot be had
 * @param steal takes it from whoever has it
 */
export const holdLock = (
  locks: Locks,
  name: string,
  won: () => void,
  over: (held: boolean) => void = () => {},
  steal = false,
): Cancel => {
  const abort = new AbortController();
  let ended = false;
  let held = false;
  let release!: () => void;
  // Whoever hears that it is held may give it back at once.
  const kept = new Promise<void>((resolve) => {
    release = resolve;
  });
  const hold = (): Promise<void> | undefined => {
    if (ended) return undefined;
    held = true;
    won();
    return kept;
  };
  const options = steal ? { steal } : { signal: abort.signal };
  // What refuses may throw as well.
  new Promise((resolve) => resolve(locks.request(name, options, hold))).catch(() => {
    if (!ended) over(held);
  });
  return () => {
    ended = true;
    abort.abort();
    release();
  };
};
