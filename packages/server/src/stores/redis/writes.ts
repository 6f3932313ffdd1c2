import type { Write } from '@presence/core';
import type { Committed } from '../store.ts';
import { fieldOf } from './partitions.ts';
import { loadedAt } from './replies.ts';
import type { Reply } from './scripts.ts';
import { encodeId, ITEM } from '../shared/ids.ts';
import { encodeRecord } from '../shared/record-text.ts';
import { encodeLease, encodeStatus } from './text.ts';

const textOf = (instant: number | null): string => (instant === null ? '' : String(instant));

/** The arguments of one write, in the order of `lua/commit.lua`. */
export const encodeWrite = (write: Write): string[] => {
  const { record, grant, solo } = write;
  return [
    fieldOf(write.key),
    String(write.base),
    textOf(write.validUntil),
    record === null ? '' : String(record.revision),
    encodeStatus(write.status),
    textOf(write.deadline),
    solo === '' ? '' : encodeLease(solo),
    write.holds.map(encodeLease).join(ITEM),
    grant.map(({ id, forMs }) => `${encodeLease(id)}${ITEM}${Math.ceil(forMs)}`).join(ITEM),
    write.scopes.map(encodeId).join(ITEM),
    JSON.stringify(write.steps),
    record === null ? '' : encodeRecord(record),
  ];
};

const ACCEPTED: Committed = Object.freeze({ ok: true });

/** Each write has as many places in a reply as it was answered with: where one's answer begins. */
const placeOf = (reply: Reply, write: number): number => {
  let place = 2;
  for (let before = 0; before < write; before += 1) place += reply[place] === 'ok' ? 1 : 3;
  return place;
};

/** What became of writes, in their order; `from` is the place of the first in its batch. */
export const decodeCommitted = (
  reply: Reply,
  writes: readonly Write[],
  from: number,
): Committed[] => {
  let place = placeOf(reply, from);
  return writes.map(({ key }) => {
    const reason = reply[place] as 'ok' | Extract<Committed, { ok: false }>['reason'];
    place += 1;
    if (reason === 'ok') return ACCEPTED;
    place += 2;
    return { ok: false, reason, current: loadedAt(reply, place - 2, key) };
  });
};
