import type { Write } from '@presence/core';
import type { Committed } from '../store.ts';
import { encodeSteps } from './packed-steps.ts';
import { fieldOf } from './partitions.ts';
import { encodeRecord } from './record-text.ts';
import { loadedAt } from './replies.ts';
import type { Reply } from './scripts.ts';
import { encodeId, FIELD, ITEM } from '../shared/ids.ts';
import { encodeLease, encodeStatus } from './text.ts';

const textOf = (instant: number | null): string => (instant === null ? '' : String(instant));

/** The one lease that is held, as nearly always. */
const SAME = '=';

/** What scripts have to know of a user: where they stand in lists, holds and deadlines. */
const headOf = ({ holds, status, deadline, solo, scopes }: Write): string => {
  const held = holds.map(encodeLease).join(ITEM);
  const alone = solo === '' ? '' : encodeLease(solo);
  return [
    held,
    encodeStatus(status),
    textOf(deadline),
    alone !== '' && alone === held ? SAME : alone,
    scopes.map(encodeId).join(ITEM),
    '',
  ].join(FIELD);
};

/** Appends the arguments of one write, in the order of `lua/commit.lua`. */
const encodeWrite = (write: Write, into: string[]): void => {
  const { record, grant } = write;
  into.push(
    fieldOf(write.key),
    String(write.base),
    textOf(write.validUntil),
    record === null ? '' : String(record.revision),
    headOf(write),
    grant.map(({ id, forMs }) => `${encodeLease(id)}${ITEM}${Math.ceil(forMs)}`).join(ITEM),
    encodeSteps(write.steps, record),
    record === null ? '' : encodeRecord(record, write.holds),
  );
};

/** @param command that sends the messages */
export const encodeWrites = (command: string, writes: readonly Write[]): string[] => {
  const args = [command];
  for (const write of writes) encodeWrite(write, args);
  return args;
};

const ACCEPTED: Committed = Object.freeze({ ok: true });

type Reason = Extract<Committed, { ok: false }>['reason'];

/** What became of writes, in their order; `from` is the place of the first in its batch. */
export const decodeCommitted = (
  reply: Reply,
  writes: readonly Write[],
  from: number,
): Committed[] => {
  const results: Committed[] = writes.map(() => ACCEPTED);
  // Of refused writes alone: place in the batch, reason, value and ends.
  for (let at = 2; at < reply.length; at += 4) {
    const place = (reply[at] as number) - from;
    const write = writes[place];
    if (!write) continue;
    const current = loadedAt(reply, at + 2, write.key);
    results[place] = { ok: false, reason: reply[at + 1] as Reason, current };
  }
  return results;
};
