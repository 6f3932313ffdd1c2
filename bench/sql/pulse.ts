import type { PresenceStore } from '@presence/server';

/** The store is not to look as if it had been stopped. */
export const withPulse = async (store: PresenceStore, work: () => Promise<void>): Promise<void> => {
  await store.due(0, 0);
  const pulse = setInterval(() => void store.due(0, 0).catch(() => undefined), 1000);
  try {
    await work();
  } finally {
    clearInterval(pulse);
  }
};
