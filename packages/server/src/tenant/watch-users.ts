import { project, type Cancel, type Presence as UserPresence } from '@presence/core';
import type { Reading } from '../engine/types.ts';
import type { Feed } from '../feed.ts';
import type { RecordChange } from '../types.ts';

interface Told {
  readonly version: number;
  readonly isHere: boolean;
}

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
  const told = new Map<string, Told>(
    userIds.map((userId) => [userId, { version: -1, isHere: false }]),
  );

  const tell = ({ key: { userId }, record, at }: RecordChange): void => {
    const last = told.get(userId);
    if (!last) return;
    const presence = project(userId, record, 'public');
    // A record that was deleted while others saw the user present: its end is a change like any other.
    const version = record || !last.isHere ? presence.version : Math.max(last.version + 1, at);
    if (version <= last.version) return;
    told.set(userId, { version, isHere: presence.status !== 'offline' });
    listener({ ...presence, version });
  };

  const readAll = async (): Promise<void> => (await readMany(userIds)).forEach(tell);

  const cancel = await feed.listen(tenant, {
    change: tell,
    gap: () => void readAll().catch(() => undefined),
  });
  await readAll();
  return () => {
    told.clear();
    cancel();
  };
};
