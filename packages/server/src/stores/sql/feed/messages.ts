import type { Instant, LeaseId, Step } from '@presence/core';
import { completed } from '../../shared/record-text.ts';
import type { StoreChange } from '../../store.ts';
import { NOBODY } from './append.ts';

export interface MessageRow {
  readonly seq: unknown;
  readonly user_id: string;
  readonly at: unknown;
  readonly data: string;
}

/** A row of the feed; `number` is contiguous within its tenant. */
export type Message =
  | { readonly kind: 'change'; readonly number: number; readonly change: Omit<StoreChange, 'seq'> }
  | { readonly kind: 'signal'; readonly number: number; readonly message: unknown };

export const encodeSignal = (message: unknown): string => JSON.stringify(message ?? null);

interface Told {
  readonly leases: readonly (readonly [LeaseId, Instant])[];
  readonly steps: readonly Step[];
  readonly record: object | null;
}

export const decodeMessage = (
  { seq, user_id, at, data }: MessageRow,
  tenant: string,
  idOf: (text: string) => string,
): Message => {
  const number = Number(seq);
  if (user_id === NOBODY) {
    return { kind: 'signal', number, message: JSON.parse(data) as unknown };
  }
  const { leases, steps, record } = JSON.parse(data) as Told;
  return {
    kind: 'change',
    number,
    change: {
      key: { tenant, userId: idOf(user_id) },
      record: record && completed(record),
      leases: new Map(leases),
      steps,
      at: Number(at),
    },
  };
};
