import type { Key } from '@presence/core';
import type { EraseHistoryAnswer } from '@presence/core/protocol';
import type { Engine } from '../engine/types.ts';
import type { NodeHistory } from './node-history.ts';

interface Parts {
  readonly engine: Pick<Engine, 'execute'>;
  readonly history: Pick<NodeHistory, 'keep' | 'flush'>;
}

/**
 * Deletes a user's history. First out of the record, which gives the revision before which everything
 * is to be gone: what other nodes have under way of it is refused by that.
 *
 * @param forgets deletes the record as well
 */
export const eraseHistory = async (
  { engine, history }: Parts,
  key: Key,
  forgets = false,
): Promise<EraseHistoryAnswer> => {
  const { at, record } = await engine.execute(key, { type: 'erase-history' });
  const gone = forgets ? (await engine.execute(key, { type: 'forget' })).at : 0;
  await history.flush();
  const below = Math.max(record?.revision ?? at, gone);
  return { erased: await history.keep.erase(key, below) };
};
