import type { Instant, LeaseId, PresenceRecord, Step } from '@presence/core';
import type { StoreChange } from '../store.ts';
import { decodeLeases } from './replies.ts';
import { decodeId, FIELD } from '../shared/ids.ts';
import { decodeRecord } from '../shared/record-text.ts';

const CHANGE = `c${FIELD}`;
const SIGNAL = `s${FIELD}`;

/** A message of a channel; `number` is contiguous within it. */
export type Message =
  | { readonly kind: 'change'; readonly number: number; readonly change: Omit<StoreChange, 'seq'> }
  | { readonly kind: 'signal'; readonly message: unknown };

export const encodeSignal = (message: unknown): string => SIGNAL + JSON.stringify(message ?? null);

interface Change {
  readonly at: Instant;
  readonly leases: ReadonlyMap<LeaseId, Instant>;
  readonly steps: readonly Step[];
}

/** As far as listeners rely on it: who sends on our channels by mistake must not bring a node down. */
const isRecord = ({ revision, sessions, claims, ...record }: PresenceRecord): boolean =>
  Number.isSafeInteger(revision) &&
  Array.isArray(sessions) &&
  Array.isArray(claims) &&
  typeof record.public?.status === 'string' &&
  typeof record.own?.status === 'string';

/** As `publish` of `lua/commit.lua` wrote it. */
const decodeChange = (text: string, tenant: string): Message => {
  const [, number, at, user, holds, ends, steps, record] = text.split(FIELD);
  const parts: Change = {
    at: Number(at),
    leases: decodeLeases(holds!, ends!),
    steps: JSON.parse(steps!) as readonly Step[],
  };
  const known = record === '' ? null : decodeRecord(record!);
  const areNumbers = [number, at].every((text) => text && Number.isSafeInteger(Number(text)));
  if (!areNumbers || !Array.isArray(parts.steps) || (known && !isRecord(known))) {
    throw new Error('Not ours.');
  }
  return {
    kind: 'change',
    number: Number(number),
    change: {
      key: { tenant, userId: decodeId(user!) },
      record: known,
      ...parts,
    },
  };
};

/** `null`: somebody else's message on our channel. */
export const decodeMessage = (text: string, tenant: string): Message | null => {
  try {
    if (text.startsWith(CHANGE)) return decodeChange(text, tenant);
    if (!text.startsWith(SIGNAL)) return null;
    return { kind: 'signal', message: JSON.parse(text.slice(SIGNAL.length)) as unknown };
  } catch {
    return null;
  }
};
