import type { PresenceClient } from '@presence/client';

/** Resolves when something is so of a client. */
export const until = (client: PresenceClient, isSo: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (!isSo()) return;
      cancel();
      resolve();
    };
    const cancel = client.subscribe(look);
    look();
  });
