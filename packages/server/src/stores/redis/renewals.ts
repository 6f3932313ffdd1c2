import type { Lease, LeaseId } from '@presence/core';
import type { LostLease } from '../store.ts';
import type { Reply } from './scripts.ts';
import { encodeLease } from './text.ts';

/** The arguments of `lua/renew.lua`: shared leases first, own ones behind them. */
export const encodeRenewal = (
  shared: readonly Lease[],
  own: readonly Lease[],
  validUntil: number | null,
): (string | number)[] => {
  const args: (string | number)[] = [validUntil ?? '', shared.length, own.length];
  for (const { id, forMs, create } of shared) args.push(encodeLease(id), forMs, create ? '1' : '');
  for (const { id } of own) args.push(encodeLease(id));
  const forAll = own[0]?.forMs;
  if (forAll === undefined) return args;
  if (own.every(({ forMs }) => forMs === forAll)) args.push(forAll);
  else for (const { forMs } of own) args.push(forMs);
  return args;
};

/** What a partition said of shared leases: how many of its records hold each. One lost copy is a loss. */
export const decodeShared = (
  reply: Reply,
  shared: readonly Lease[],
  partition: number | undefined,
  into: { readonly lost: LostLease[]; readonly held: Map<LeaseId, number> },
): void => {
  shared.forEach(({ id }, index) => {
    const holders = reply[2 + index] as number;
    if (holders >= 0) into.held.set(id, (into.held.get(id) ?? 0) + holders);
    else if (!into.lost.some((other) => other.id === id)) {
      into.lost.push(partition === undefined ? { id } : { id, partition });
    }
  });
};

/** Places of the own leases that are lost. */
export const decodeLostOwn = (reply: Reply, sharedCount: number): readonly number[] =>
  reply.slice(2 + sharedCount) as readonly number[];
