import { restore, type Key, type Write } from '@presence/core';
import { oneAtATime } from '../one-at-a-time.ts';
import { inPieces } from '../stores/shared/pieces.ts';
import type { Parts } from './parts.ts';
import type { Known } from './sink.ts';

/** Puts what was declared back into a live store that lost it. */
export interface Restoring {
  /** Whether everything declared is in the store's data of this name. */
  isDone(epoch: string): boolean;
  /** Puts back what is missing in the data that the store has now. */
  run(): Promise<void>;
}

const PAGE = 500;
const WRITES = 100;

export const createRestoring = ({
  live,
  sink,
  logger,
  policyOf,
}: Omit<Parts, 'clock'>): Restoring => {
  let done: string | null = null;

  /** Whoever is there already was restored by another node, or was never lost. */
  const putBack = async (users: readonly Known[]): Promise<number> => {
    const { at, items } = await live.load(users.map(({ key }) => key));
    const writes = users.flatMap(({ key, record }, place): Write[] => {
      const write = items[place]!.record ? null : restore(key, record, at, policyOf(key.tenant));
      return write ? [write] : [];
    });
    for (const piece of inPieces(writes, WRITES)) {
      if (piece.length === 0) continue;
      const { results } = await live.commit(piece);
      // Too late, for instance: not there, and not to be taken for restored.
      if (results.some((result) => !result.ok && result.current.record === null)) {
        return putBack(users);
      }
    }
    return writes.length;
  };

  const restoreAll = async (): Promise<void> => {
    const { epoch } = await live.load([]);
    let count = 0;
    let after: Key | null = null;
    do {
      const { users, next } = await sink.declared(after, PAGE);
      if (users.length > 0) count += await putBack(users);
      after = next;
    } while (after);
    if (count > 0) logger.info({ users: count }, '[presence/sink] Put back what was declared.');
    // A store that lost its data once more meanwhile has another name by now, and is restored again.
    done = epoch;
  };

  return {
    isDone: (epoch) => epoch === done,
    run: oneAtATime(restoreAll),
  };
};
