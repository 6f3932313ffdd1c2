import { PresenceError, type Cancel, type ErrorCode } from '@presence/core';
import type { PresenceClientEvents } from './types.ts';

/** What one can be told of: an event, one user, or anything that a snapshot shows. */
export type Topic = keyof PresenceClientEvents | `user ${string}` | `room ${string}` | 'any';

/** Who is told of what. By hand: what it needs of a library's emitter is a tenth of its size. */
export interface Listeners {
  add(topic: Topic, listener: (value: never) => void): Cancel;
  fire(topic: Topic, value?: unknown): void;
  has(topic: Topic): boolean;
  /** Tells of an error that no call's promise carries. */
  fail(error: { readonly code: ErrorCode; readonly message: string }, cause?: unknown): void;
}

export const createListeners = (): Listeners => {
  const held = new Map<Topic, Set<(value: never) => void>>();
  const listeners: Listeners = {
    add(topic, listener) {
      // Its own for each call: the same function may be added twice.
      const entry = (value: never): void => listener(value);
      const entries = held.get(topic) ?? new Set();
      held.set(topic, entries.add(entry));
      return () => {
        if (entries.delete(entry) && entries.size === 0) held.delete(topic);
      };
    },
    fire(topic, value) {
      const entries = held.get(topic) ?? new Set();
      // A copy: a listener that subscribes anew must not be called again for the same thing.
      for (const entry of Array.from(entries)) {
        if (!entries.has(entry)) continue;
        try {
          entry(value as never);
        } catch (cause) {
          // What an error listener throws is dropped: there is nobody left to tell.
          if (topic === 'error') continue;
          const message = `[presence/client] A listener threw: ${String(cause)}`;
          listeners.fail({ code: 'internal', message }, cause);
        }
      }
    },
    has: (topic) => held.has(topic),
    fail({ code, message }, cause) {
      listeners.fire('error', new PresenceError(code, message, { cause }));
    },
  };
  return listeners;
};
