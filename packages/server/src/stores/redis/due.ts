import type { Instant, Loaded } from '@presence/core';
import type { PresenceStore } from '../store.ts';
import type { Parts } from './parts.ts';
import { earliest } from './instants.ts';
import { loadedFrom } from './replies.ts';
import type { Reply } from './scripts.ts';

const isCut = (reply: Reply): boolean => reply[2] === 1;

const nextOf = (replies: readonly Reply[]): Instant | null => {
  const instants = replies.map((reply) => reply[3]).filter((instant) => instant !== '');
  return instants.length === 0 ? null : Math.min(...instants.map(Number));
};

const textOf = ({ key }: Loaded): string => `${key.tenant}\n${key.userId}`;

/**
 * Every partition is asked, for each has a pulse of its own. Those that had most the last time have
 * the page among them; where it is not filled, the others fill it.
 */
export const createDue = ({ partitions, epochs }: Parts): PresenceStore['due'] => {
  const everywhere = Array.from({ length: partitions.count }, (_, partition) => partition);
  let crowded = new Set<number>();

  const shareOf = (partition: number, limit: number): number => {
    if (crowded.size === 0) return limit;
    return crowded.has(partition) ? Math.ceil(limit / crowded.size) : 0;
  };

  return async (limit, spread) => {
    const found = new Map<string, Loaded>();
    const ask = async (partition: number, most: number): Promise<Reply> => {
      const reply = await epochs.run('due', partition, [most, spread]);
      for (const loaded of loadedFrom(reply, 4)) found.set(textOf(loaded), loaded);
      return reply;
    };
    const replies = await Promise.all(everywhere.map((each) => ask(each, shareOf(each, limit))));
    for (const partition of everywhere) {
      const left = limit - found.size;
      if (partitions.count > 1 && left > 0 && isCut(replies[partition]!)) {
        replies[partition] = await ask(partition, left);
      }
    }
    crowded = new Set(everywhere.filter((partition) => isCut(replies[partition]!)));
    const more = crowded.size > 0 || found.size > limit;
    const at = earliest(replies);
    return {
      at,
      items: [...found.values()].slice(0, limit),
      more,
      nextAt: more ? at : nextOf(replies),
    };
  };
};
