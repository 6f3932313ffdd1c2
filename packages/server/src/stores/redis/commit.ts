import type { Instant, Key, Write } from '@presence/core';
import type { Committed, PresenceStore } from '../store.ts';
import { inPieces } from '../shared/pieces.ts';
import { MOST, type Parts } from './parts.ts';
import { instant } from './instants.ts';
import { atOf } from './replies.ts';
import { decodeCommitted } from './writes.ts';

const keyOf = ({ key }: Write): Key => key;

/** Each partition has its writes in batches; the answers go back to where they were asked. */
export const createCommit = (parts: Parts): PresenceStore['commit'] => {
  const { partitions, epochs, commit, whereabouts, copies } = parts;

  const commitPiece = async (partition: number, writes: readonly Write[]) => {
    const send = () => commit[partition]!(writes);
    const { answer, from } = await (copies ? copies.beside(partition, writes, send) : send());
    for (const { grant } of writes) for (const { id } of grant) whereabouts?.note(id, partition);
    const at = atOf(answer);
    return decodeCommitted(answer, writes, from).map((result) => ({ at, result }));
  };

  const commitIn = async (partition: number, writes: readonly Write[]) => {
    const pieces = inPieces(writes, MOST.commit).map((piece) => commitPiece(partition, piece));
    return (await Promise.all(pieces)).flat();
  };

  return async (writes) => {
    if (writes.length === 0) return { at: await instant(epochs), results: [] };
    const results: Committed[] = [];
    const instants: Instant[] = [];
    await Promise.all(
      partitions.split(writes, keyOf).map(async ({ partition, items, places }) => {
        const committed = await commitIn(partition, items);
        committed.forEach(({ at, result }, index) => {
          results[places[index]!] = result;
          instants[places[index]!] = at;
        });
      }),
    );
    return { at: Math.min(...instants), results, instants };
  };
};
