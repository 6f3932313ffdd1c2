import type { Cancel } from '@presence/core';
import type { PresenceClient } from '@presence/client';

/** How many hold a client, and those who have just let it go. */
const holders = new WeakMap<PresenceClient, number>();

const add = (client: PresenceClient, by: number): number => {
  const count = (holders.get(client) ?? 0) + by;
  holders.set(client, count);
  return count;
};

/**
 * Keeps a client started while at least one provider holds it.
 *
 * The last release takes effect once the current task's work is done: StrictMode and a move from one
 * provider to another release and hold in one breath, and must not say goodbye to everybody between.
 */
export const holdClient = (client: PresenceClient): Cancel => {
  if (add(client, 1) === 1) client.start();
  let held = true;
  return () => {
    if (held) queueMicrotask(() => add(client, -1) || client.stop());
    held = false;
  };
};
