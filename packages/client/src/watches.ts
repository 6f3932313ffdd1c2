import type { WatchFrame } from '@presence/core/protocol';
import type { Demand } from './demand.ts';

/** Bounds of the protocol: users of one watch, and watches of one connection (one is the tenant's). */
const WATCH_USERS = 1000;
const SET_WATCHES = 19;
/** A frame may have 8 KiB; the rest is for what stands around the ids. */
const IDS_BYTES = 8000;

/** The id of the watch of everybody who is online. */
export const TENANT_WATCH = 'online';

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** Cuts a list so that no part is longer than `bytes` as JSON. */
export const packed = (ids: readonly string[], bytes: number, most: number): string[][] => {
  const parts: string[][] = [];
  let size = Infinity;
  for (const id of ids) {
    const cost = bytesOf(JSON.stringify(id)) + 1;
    const last = parts.at(-1);
    if (last && size + cost <= bytes && last.length < most) {
      last.push(id);
      size += cost;
    } else {
      parts.push([id]);
      size = cost;
    }
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

/** By the number of the watch, users to add or remove. */
type Groups = string[][];

const framesOf = (groups: Groups, key: 'add' | 'remove'): WireWatch[] =>
  groups.flatMap((users, index) =>
    packed(users, IDS_BYTES, WATCH_USERS).map((part): WireWatch => ({
      type: 'watch',
      id: `users-${index}`,
      [key]: part,
    })),
  );

export const createWireWatches = (): WireWatches => {
  const watchOf = new Map<string, number>();
  const sizes = Array.from({ length: SET_WATCHES }, () => 0);
  let online = false;

  const leave = (userId: string): void => {
    const index = watchOf.get(userId);
    if (watchOf.delete(userId)) sizes[index!]! -= 1;
  };

  return {
    sync(demand) {
      const wanted = new Set(demand.users);
      const refused: string[] = [];
      const removed: Groups = [];
      const added: Groups = [];
      for (const [userId, index] of watchOf) {
        if (wanted.has(userId)) continue;
        leave(userId);
        (removed[index] ??= []).push(userId);
      }
      for (const userId of wanted) {
        if (watchOf.has(userId)) continue;
        const index = sizes.findIndex((size) => size < WATCH_USERS);
        if (index < 0) {
          refused.push(userId);
          continue;
        }
        watchOf.set(userId, index);
        sizes[index]! += 1;
        (added[index] ??= []).push(userId);
      }
      // Removals first: no watch is ever over its bound.
      const frames = [...framesOf(removed, 'remove'), ...framesOf(added, 'add')];
      if (demand.online !== online) {
        online = demand.online;
        frames.push(
          online
            ? { type: 'watch', id: TENANT_WATCH, tenant: true }
            : { type: 'unwatch', id: TENANT_WATCH },
        );
      }
      return { frames, refused };
    },
    failed(frame) {
      if (frame.type === 'unwatch') return;
      if (frame.tenant) online = false;
      frame.add?.forEach(leave);
    },
  };
};
