import { kindOf, type Key } from '@presence/core';
import { errorOf } from '../ending.ts';
import type { EventStream } from './event-stream.ts';

/** Whose a stream is that only tells, and how many of those they may have. */
export interface Reader {
  readonly key: Key;
  readonly most: number;
}

/** Streams that only tell, by their readers: each has the latest of theirs, as a user has the latest sessions. */
export interface KeptStreams {
  /** Ends the oldest where there is one too many. */
  add(stream: EventStream, reader: Reader): void;
  closeAll(code: number, reason: string): void;
}

const evict = (stream: EventStream): void => {
  const error = errorOf('session_replaced');
  // Who does not read would not hear of it either.
  if (stream.queuedBytes > 0) stream.terminate();
  else stream.close(kindOf(error).closeCode, error.code);
};

export const createKeptStreams = (): KeptStreams => {
  const kept = new Map<string, Set<EventStream>>();
  return {
    add: (stream, { key, most }) => {
      const name = `${key.tenant}\n${key.userId}`;
      const theirs = kept.get(name) ?? new Set();
      kept.set(name, theirs.add(stream));
      stream.once('close', () => {
        theirs.delete(stream);
        if (theirs.size === 0 && kept.get(name) === theirs) kept.delete(name);
      });
      const [oldest] = theirs;
      if (oldest === undefined || theirs.size <= most) return;
      theirs.delete(oldest);
      evict(oldest);
    },
    closeAll: (code, reason) => {
      for (const theirs of kept.values()) {
        for (const stream of theirs) stream.close(code, reason);
      }
    },
  };
};
