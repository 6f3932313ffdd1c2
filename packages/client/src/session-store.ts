import type { Clock } from '@presence/core';
import type { BrowserLike } from './types.ts';

/** Longer than any grace of a page that said it closes: asking for that session again is a wasted round trip. */
const GONE_AFTER_MS = 120_000;

/** Remembers the session between pages of one browser profile and user. */
export interface SessionStore {
  load(): string | undefined;
  save(sessionId: string): void;
  /** The page said goodbye: whoever comes soon may resume. */
  left(sessionId: string): void;
  clear(): void;
}

/** In memory only where there is no storage, or it refuses. */
export const createSessionStore = (
  storage: BrowserLike['storage'],
  key: string,
  clock: Clock,
): SessionStore => {
  let memory: string | null = null;
  const write = (value: string): void => {
    memory = value;
    try {
      storage?.setItem(key, value);
    } catch {
      // Full, or forbidden: this tab remembers, the next one starts anew.
    }
  };
  const read = (): string | null => {
    try {
      return storage ? storage.getItem(key) : memory;
    } catch {
      return memory;
    }
  };
  return {
    load() {
      const [sessionId, leftAt] = (read() ?? '').split(' ');
      const gone = leftAt && clock.now() - Number(leftAt) > GONE_AFTER_MS;
      return sessionId && !gone ? decodeURIComponent(sessionId) : undefined;
    },
    save: (sessionId) => write(encodeURIComponent(sessionId)),
    left: (sessionId) => write(`${encodeURIComponent(sessionId)} ${clock.now()}`),
    clear() {
      memory = null;
      try {
        storage?.removeItem(key);
      } catch {
        // What cannot be removed is refused by the server as gone.
      }
    },
  };
};
