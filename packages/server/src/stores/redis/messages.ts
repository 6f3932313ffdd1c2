import type { Instant } from '@presence/core';
import type { StoreChange } from '../store.ts';
import { decodeSteps } from './packed-steps.ts';
import { decodeValue, VALUE_FIELDS } from './replies.ts';
import { decodeId, FIELD } from '../shared/ids.ts';

const CHANGES = `c${FIELD}`;
const SIGNAL = `s${FIELD}`;

export interface NumberedChange {
  /** Contiguous within its channel. */
  readonly number: number;
  readonly change: Omit<StoreChange, 'seq'>;
}

/** A message of a channel: what one batch changed in its tenant, or a signal. */
export type Message =
  | { readonly kind: 'changes'; readonly changes: readonly NumberedChange[] }
  | { readonly kind: 'signal'; readonly message: unknown };

export const encodeSignal = (message: unknown): string => SIGNAL + JSON.stringify(message ?? null);

/** Fields ahead of the first change: the kind, the number of the first, the instant of all. */
const HEAD = 3;
/** Tenant, user, ends of leases, steps, and the stored value. */
const USER = 1;
const ENDS = 2;
const STEPS = 3;
const VALUE = 4;
const FIELDS = VALUE + VALUE_FIELDS;

const changeAt = (
  fields: readonly string[],
  from: number,
  { tenant, at }: { readonly tenant: string; readonly at: Instant },
): Omit<StoreChange, 'seq'> => {
  const userId = decodeId(fields[from + USER]!);
  const { record, leases } = decodeValue(userId, fields, from + VALUE, fields[from + ENDS]!);
  const steps = decodeSteps(fields[from + STEPS]!, record);
  return { key: { tenant, userId }, record, leases, steps, at };
};

/** As `publish` of `lua/commit.lua` wrote it. */
const decodeChanges = (text: string, tenant: string): Message => {
  const fields = text.split(FIELD);
  const first = Number(fields[1]);
  const at = Number(fields[2]);
  const count = (fields.length - HEAD) / FIELDS;
  if (!Number.isSafeInteger(first) || !Number.isInteger(count) || count === 0) {
    throw new Error('Not ours.');
  }
  const changes = Array.from({ length: count }, (_, index) => ({
    number: first + index,
    change: changeAt(fields, HEAD + index * FIELDS, { tenant, at }),
  }));
  return { kind: 'changes', changes };
};

/** `null`: somebody else's message on our channel. */
export const decodeMessage = (text: string, tenant: string): Message | null => {
  try {
    if (text.startsWith(CHANGES)) return decodeChanges(text, tenant);
    if (!text.startsWith(SIGNAL)) return null;
    return { kind: 'signal', message: JSON.parse(text.slice(SIGNAL.length)) as unknown };
  } catch {
    return null;
  }
};
