import { isDeepStrictEqual } from 'node:util';
import { project, type Cancel, type Presence as UserPresence } from '@presence/core';
import type { Reading } from '../engine/types.ts';
import type { Feed } from '../feed.ts';
import type { RecordChange } from '../types.ts';

interface Told {
  readonly version: number;
  readonly shown: UserPresence | null;
}

interface WatchParts {
  readonly tenant: string;
  readonly userIds: readonly string[];
  readonly feed: Feed;
  readMany(userIds: readonly string[]): Promise<readonly Reading[]>;
  listener(presence: UserPresence): void;
}

/** One commit can hold a change and its undoing: a claim that ended and was made again. */
const looksLike = (a: UserPresence | null, b: UserPresence): boolean =>
  a !== null && isDeepStrictEqual({ ...a, version: 0 }, { ...b, version: 0 });

/**
 * An in-process watch: first how everybody is, then each change, each version once, none of them
 * older than one that was told, and none that looks like it.
 */
export const watchUsers = async (parts: WatchParts): Promise<Cancel> => {
  const { tenant, userIds, feed, readMany, listener } = parts;
  const told = new Map<string, Told>(
    userIds.map((userId) => [userId, { version: -1, shown: null }]),
  );

  const tell = ({ key: { userId }, record, at }: RecordChange): void => {
    const last = told.get(userId);
    if (!last) return;
    const presence = project(userId, record, 'public');
    // A record that was deleted while others saw the user present: its end is a change like any other.
    const wasHere = last.shown !== null && last.shown.status !== 'offline';
    const version = record || !wasHere ? presence.version : Math.max(last.version + 1, at);
    if (version <= last.version) return;
    const shown = { ...presence, version };
    told.set(userId, { version, shown });
    if (!looksLike(last.shown, shown)) listener(shown);
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
