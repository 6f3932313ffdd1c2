import { GONE_AFTER_MS } from './numbers.ts';
import { quietly } from './quietly.ts';
import type { Timing } from './timers.ts';
import type { BrowserLike } from './types.ts';

/** Remembers the session between pages of one browser profile and user. */
export interface SessionStore {
  load(): string | undefined;
  save(sessionId: string): void;
  /** The page said goodbye: whoever comes soon may resume. */
  left(sessionId: string): void;
  clear(): void;
}

/** Where there is no storage, or it refuses, the next page starts anew. */
export const createSessionStore = (
  storage: BrowserLike['storage'],
  key: string,
  clock: Timing,
): SessionStore => {
  const save = (value: string): void => quietly(() => storage?.setItem(key, value));
  return {
    load() {
      const [sessionId, leftAt] = (quietly(() => storage?.getItem(key)) ?? '').split(' ');
      // Without an instant, not a number, which is no more than anything.
      const gone = clock.now() - +leftAt! > GONE_AFTER_MS;
      return gone ? undefined : sessionId || undefined;
    },
    save,
    left: (sessionId) => save(`${sessionId} ${clock.now()}`),
    clear: () => quietly(() => storage?.removeItem(key)),
  };
};
