import type { Lease } from '@presence/core';
import type { Reply } from './scripts.ts';
import { encodeLease } from './text.ts';

/** Of a shared lease in one partition: it has to be there, is made where it is not, or may be missing. */
export type Mode = '' | '1' | '2';

export interface SharedRenewal {
  readonly lease: Lease;
  readonly mode: Mode;
}

/** The arguments of `lua/renew.lua`: shared leases first, own ones behind them. */
export const encodeRenewal = (
  shared: readonly SharedRenewal[],
  own: readonly Lease[],
  validUntil: number | null,
): (string | number)[] => {
  const args: (string | number)[] = [validUntil ?? '', shared.length, own.length];
  for (const { lease, mode } of shared) args.push(encodeLease(lease.id), lease.forMs, mode);
  for (const { id } of own) args.push(encodeLease(id));
  const forAll = own[0]?.forMs;
  if (forAll === undefined) return args;
  if (own.every(({ forMs }) => forMs === forAll)) args.push(forAll);
  else for (const { forMs } of own) args.push(forMs);
  return args;
};

/** What a partition said of a shared lease: how many of its records hold it, or why not. */
export const LOST = -1;
export const NOT_HERE = -2;

export const holdersAt = (reply: Reply, index: number): number => reply[2 + index] as number;

/** Places of the own leases that are lost. */
export const decodeLostOwn = (reply: Reply, sharedCount: number): readonly number[] =>
  reply.slice(2 + sharedCount) as readonly number[];
