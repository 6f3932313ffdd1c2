import type { Page } from 'playwright-core';

interface WatchFrame {
  readonly type: string;
  readonly id?: string;
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}

/** How many users a page asks for by their ids, as the server hears it. */
export interface WatchedIds {
  now(): number;
  most(): number;
  /** Frames that changed it. */
  frames(): number;
}

/** To be called before the page opens its socket. */
export const watchedIds = (page: Page): WatchedIds => {
  const watches = new Map<string, Set<string>>();
  let most = 0;
  let frames = 0;
  const size = (): number => [...watches.values()].reduce((sum, ids) => sum + ids.size, 0);
  const read = ({ type, id = '', add = [], remove = [] }: WatchFrame): void => {
    if (type === 'unwatch') watches.delete(id);
    if (type !== 'watch') return;
    frames += 1;
    const ids = watches.get(id) ?? new Set();
    watches.set(id, ids);
    for (const each of remove) ids.delete(each);
    for (const each of add) ids.add(each);
    most = Math.max(most, size());
  };
  page.on('websocket', (socket) => {
    watches.clear();
    socket.on('framesent', ({ payload }) => read(JSON.parse(payload.toString()) as WatchFrame));
  });
  return { now: size, most: () => most, frames: () => frames };
};
