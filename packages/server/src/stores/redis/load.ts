import type { Instant, Key, Loaded } from '@presence/core';
import { inPieces } from '../shared/pieces.ts';
import type { PresenceStore } from '../store.ts';
import type { Share } from './partitions.ts';
import { MOST, type Parts } from './parts.ts';
import { earliest, instant, oldest } from './instants.ts';
import { atOf, loadedAt } from './replies.ts';
import type { Reply } from './scripts.ts';

interface Piece {
  readonly reply: Reply;
  readonly items: readonly Loaded[];
}

/** Each partition is asked for its users in batches; the answers go back to where they were asked. */
export const createLoad = (parts: Parts): PresenceStore['load'] => {
  const { partitions, epochs, load, whereabouts } = parts;

  const loadPiece = async (partition: number, keys: readonly Key[]): Promise<Piece> => {
    const { answer, from } = await load[partition]!(keys);
    const items = keys.map((key, index) => loadedAt(answer, 3 + 2 * (from + index), key));
    for (const { leases } of items)
      for (const id of leases.keys()) whereabouts?.note(id, partition);
    return { reply: answer, items };
  };

  const loadPieces = ({ partition, items }: Share<Key>): Promise<Piece[]> =>
    Promise.all(inPieces(items, MOST.load).map((piece) => loadPiece(partition, piece)));

  return async (keys) => {
    if (keys.length === 0) return { at: await instant(epochs), epoch: epochs.current(), items: [] };
    const items: Loaded[] = [];
    const instants: Instant[] = [];
    const replies: Reply[] = [];
    const loadShare = async (share: Share<Key>): Promise<void> => {
      const pieces = await loadPieces(share);
      replies.push(...pieces.map(({ reply }) => reply));
      const found = pieces.flatMap((piece) =>
        piece.items.map((loaded) => ({ at: atOf(piece.reply), loaded })),
      );
      found.forEach(({ at, loaded }, index) => {
        items[share.places[index]!] = loaded;
        instants[share.places[index]!] = at;
      });
    };
    await Promise.all(partitions.split(keys, (key) => key).map(loadShare));
    const at = earliest(replies);
    return { at, epoch: epochs.current(), items, instants, ...oldest(replies) };
  };
};
