import type { Cancel, PresenceError } from '@presence/core';
import { createListeners, type Listeners } from './emitter.ts';
import type { PresenceClientEvents } from './types.ts';

/** Everybody who wants to be told of something. */
export interface Events {
  readonly on: {
    readonly [Name in keyof PresenceClientEvents]: Listeners<
      Parameters<PresenceClientEvents[Name]>
    >;
  };
  /** Told of anything that a snapshot shows. */
  readonly any: Listeners<[]>;
  ofUser(userId: string): Listeners<[]> | undefined;
  subscribeUser(userId: string, listener: () => void): Cancel;
}

/** @param fail makes an error of what a listener threw */
export const createEvents = (fail: (cause: unknown) => PresenceError): Events => {
  // What an error listener throws is dropped: there is nobody left to tell.
  const error = createListeners<[PresenceError]>(() => {});
  const create = <Args extends readonly unknown[]>(): Listeners<Args> =>
    createListeners<Args>((cause) => error.fire(fail(cause)));
  const byUser = new Map<string, Listeners<[]>>();
  return {
    on: {
      presence: create(),
      me: create(),
      online: create(),
      connection: create(),
      idle: create(),
      error,
    },
    any: create(),
    ofUser: (userId) => byUser.get(userId),
    subscribeUser(userId, listener) {
      const listeners = byUser.get(userId) ?? create<[]>();
      byUser.set(userId, listeners);
      const remove = listeners.add(listener);
      return () => {
        remove();
        if (listeners.size() === 0 && byUser.get(userId) === listeners) byUser.delete(userId);
      };
    },
  };
};
