import { project, type Cancel, type Presence as UserPresence } from '@presence/core';
import type { Reading } from '../engine/types.ts';
import type { Feed } from '../feed.ts';

interface WatchParts {
  readonly tenant: string;
  readonly userIds: readonly string[];
  readonly feed: Feed;
  readMany(userIds: readonly string[]): Promise<readonly Reading[]>;
  listener(presence: UserPresence): void;
}

/**
 * An in-process watch: first how everybody is, then each change, each version once, none of them
 * older than one that was told.
 */
export const watchUsers = async (parts: WatchParts): Promise<Cancel> => {
  const { tenant, userIds, feed, readMany, listener } = parts;
  const told = new Map<string, number>(userIds.map((userId) => [userId, -1]));

  const tell = (presence: UserPresence): void => {
    const last = told.get(presence.userId);
    if (last === undefined || presence.version <= last) return;
    told.set(presence.userId, presence.version);
    listener(presence);
  };

  const readAll = async (): Promise<void> => {
    for (const { key, record } of await readMany(userIds))
      tell(project(key.userId, record, 'public'));
  };

  const cancel = await feed.listen(tenant, {
    change: ({ key, record }) => {
      if (told.has(key.userId)) tell(project(key.userId, record, 'public'));
    },
    gap: () => void readAll().catch(() => undefined),
  });
  await readAll();
  return () => {
    told.clear();
    cancel();
  };
};
