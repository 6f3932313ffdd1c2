import type { Cancel } from '@presence/core';
import type { PresenceClient } from '@presence/client';

const holders = new WeakMap<PresenceClient, number>();
const running = new WeakSet<PresenceClient>();

const holdersOf = (client: PresenceClient): number => holders.get(client) ?? 0;

/**
 * Keeps a client started while at least one provider holds it.
 *
 * The last release takes effect once the current task's work is done: StrictMode and a move from one
 * provider to another release and hold in one breath, and must not say goodbye to everybody between.
 */
export const holdClient = (client: PresenceClient): Cancel => {
  holders.set(client, holdersOf(client) + 1);
  if (!running.has(client)) {
    running.add(client);
    client.start();
  }
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    holders.set(client, holdersOf(client) - 1);
    queueMicrotask(() => {
      if (holdersOf(client) > 0 || !running.delete(client)) return;
      client.stop();
    });
  };
};
