import type { WatchFrame } from '@presence/core/protocol';
import type { Demand } from './demand.ts';
import {
  EVERYBODY,
  IDS_BYTES,
  ROOM_ID,
  SET_WATCHES,
  TENANT_WATCH,
  WATCH_USERS,
} from './numbers.ts';

/** Cuts a list so that no part is longer than `bytes` as JSON. */
export const packed = (ids: readonly string[], bytes: number): string[][] => {
  const parts: string[][] = [];
  let room = 0;
  for (const id of ids) {
    const size = new TextEncoder().encode(JSON.stringify(id)).length + 1;
    if (room < size) {
      parts.push([]);
      room = bytes;
    }
    room -= size;
    parts.at(-1)!.push(id);
  }
  return parts;
};

/** What is watched on one link, and the frames that lead from there to what is wanted. */
export interface WireWatches {
  /** @returns the frames to send, and the users that no watch has room for */
  sync(demand: Demand): {
    readonly frames: readonly WireWatch[];
    readonly refused: readonly string[];
  };
  /** The server did not take this frame: it will be among the next ones again. */
  failed(frame: WireWatch): void;
}

export type WireWatch = WatchFrame | { readonly type: 'unwatch'; readonly id: string };

export const createWireWatches = (): WireWatches => {
  const sets = Array.from({ length: SET_WATCHES }, () => new Set<string>());
  let online = false;
  return {
    sync(demand) {
      const frames: WireWatch[] = [];
      const wanted = new Set(demand);
      const listed = wanted.delete(EVERYBODY);
      // Whoever is in a set already is missing no more.
      const left = sets.map((set) => [...set].filter((id) => !wanted.delete(id) && set.delete(id)));
      const missing = [...wanted].filter((id) => id[0] !== ROOM_ID);
      sets.forEach((set, index) => {
        const removed = left[index]!;
        const added = missing.splice(0, WATCH_USERS - set.size);
        for (const id of added) set.add(id);
        // Removals first: no watch is ever over its bound. One frame where it fits: a list that is scrolled changes at both ends.
        for (const add of packed([...removed, ...added], IDS_BYTES)) {
          const remove = add.splice(0, removed.length);
          removed.splice(0, remove.length);
          frames.push({
            type: 'watch',
            id: `users-${index}`,
            remove: remove[0] ? remove : undefined,
            add: add[0] ? add : undefined,
          });
        }
      });
      if (listed !== online) {
        online = listed;
        const id = TENANT_WATCH;
        frames.push(online ? { type: 'watch', id, tenant: true } : { type: 'unwatch', id });
      }
      return { frames, refused: missing };
    },
    failed(frame) {
      if (frame.type === 'unwatch') return;
      if (frame.tenant) online = false;
      for (const id of frame.add ?? []) for (const set of sets) set.delete(id);
    },
  };
};
