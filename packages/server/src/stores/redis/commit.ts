import type { Key, Write } from '@presence/core';
import type { Committed, PresenceStore } from '../store.ts';
import { inPieces } from './pieces.ts';
import { MOST, type Parts } from './parts.ts';
import { earliest, instant } from './reads.ts';
import { decodeCommitted } from './writes.ts';

const keyOf = ({ key }: Write): Key => key;

/** Each partition has its writes in batches; the answers go back to where they were asked. */
export const createCommit = (parts: Parts): PresenceStore['commit'] => {
  const { partitions, epochs, commit, whereabouts } = parts;

  const commitPiece = async (partition: number, writes: readonly Write[]) => {
    const { answer, from } = await commit[partition]!(writes);
    for (const { grant } of writes) for (const { id } of grant) whereabouts?.note(id, partition);
    return { reply: answer, results: decodeCommitted(answer, writes, from) };
  };

  const commitIn = (partition: number, writes: readonly Write[]) =>
    Promise.all(inPieces(writes, MOST.commit).map((piece) => commitPiece(partition, piece)));

  return async (writes) => {
    if (writes.length === 0) return { at: await instant(epochs), results: [] };
    const results: Committed[] = [];
    const replies = await Promise.all(
      partitions.split(writes, keyOf).map(async ({ partition, items, places }) => {
        const pieces = await commitIn(partition, items);
        pieces
          .flatMap((piece) => piece.results)
          .forEach((result, index) => {
            results[places[index]!] = result;
          });
        return pieces.map(({ reply }) => reply);
      }),
    );
    return { at: earliest(replies.flat()), results };
  };
};
