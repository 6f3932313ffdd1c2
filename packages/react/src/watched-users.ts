import type { Cancel } from '@presence/core';
import type { PresenceClient } from '@presence/client';

/** Ends two things as one. */
export const both =
  (first: Cancel, second: Cancel): Cancel =>
  () => {
    first();
    second();
  };

/** Listened to first, so that nothing is missed; the client merges equal watches into one. */
export const watchUser = (client: PresenceClient, userId: string, listener: () => void): Cancel =>
  both(client.subscribeUser(userId, listener), client.watch([userId]));

/** A set of watched users that changes: whoever stays in it is not let go in between. */
export interface WatchedUsers {
  /** Watches exactly these from now on. */
  hold(userIds: readonly string[]): void;
  subscribe(listener: () => void): Cancel;
}

export const createWatchedUsers = (client: PresenceClient): WatchedUsers => {
  const held = new Map<string, Cancel>();
  const listeners = new Set<() => void>();

  const notify = (): void => {
    for (const listener of listeners) listener();
  };

  return {
    hold(userIds) {
      const wanted = new Set(userIds);
      for (const userId of wanted) {
        if (!held.has(userId)) held.set(userId, watchUser(client, userId, notify));
      }
      for (const [userId, release] of held) {
        if (wanted.has(userId)) continue;
        held.delete(userId);
        release();
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};
