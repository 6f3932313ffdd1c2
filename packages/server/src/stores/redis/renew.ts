import { isSharedLease, type Instant, type Lease, type LeaseId } from '@presence/core';
import type { LostLease, PresenceStore, RenewAnswer } from '../store.ts';
import { MOST, type Parts } from './parts.ts';
import { inPieces } from '../shared/pieces.ts';
import { earliest, instant } from './reads.ts';
import { decodeLostOwn, decodeShared, encodeRenewal } from './renewals.ts';
import type { Reply } from './scripts.ts';

interface Into {
  readonly lost: LostLease[];
  readonly held: Map<LeaseId, number>;
}

const everywhere = ({ partitions }: Parts): readonly number[] =>
  Array.from({ length: partitions.count }, (_, partition) => partition);

/** A shared lease has a copy in every partition, so that a commit finds it beside its record. */
const renewShared = async (
  parts: Parts,
  shared: readonly Lease[],
  validUntil: Instant | null,
  into: Into,
): Promise<readonly Reply[]> => {
  if (shared.length === 0) return [];
  const isOne = parts.partitions.count === 1;
  const args = encodeRenewal(shared, [], validUntil);
  // Every partition is asked, also when one does not answer: users in the others are not to suffer.
  const asked = await Promise.allSettled(
    everywhere(parts).map((each) => parts.epochs.run('renew', each, args)),
  );
  return asked.map((result, partition) => {
    if (result.status === 'rejected') throw result.reason;
    decodeShared(result.value, shared, isOne ? undefined : partition, into);
    return result.value;
  });
};

interface Renewed {
  readonly replies: readonly Reply[];
  /** That the partition does not know, or knows to have ended. */
  readonly unknown: readonly Lease[];
}

const renewIn = async (
  { renew }: Parts,
  partition: number,
  own: readonly Lease[],
  validUntil: Instant | null,
): Promise<Renewed> => {
  const replies: Reply[] = [];
  const unknown: Lease[] = [];
  await Promise.all(
    inPieces(own, MOST.renew).map(async (piece) => {
      const renewals = piece.map((lease) => ({ lease, validUntil }));
      const { answer, from } = await renew[partition]!(renewals);
      replies.push(answer);
      for (const place of decodeLostOwn(answer, 0)) {
        const lease = piece[place - from];
        if (lease) unknown.push(lease);
      }
    }),
  );
  return { replies, unknown };
};

/** One partition knows it; it is lost where none does. */
const renewAnywhere = async (
  parts: Parts,
  own: readonly Lease[],
  validUntil: Instant | null,
): Promise<Renewed> => {
  const all = await Promise.all(
    everywhere(parts).map((each) => renewIn(parts, each, own, validUntil)),
  );
  return {
    replies: all.flatMap(({ replies }) => replies),
    unknown: own.filter((lease) => all.every((each) => each.unknown.includes(lease))),
  };
};

const ANYWHERE = -1;

const byPlace = ({ partitions, whereabouts }: Parts, own: readonly Lease[]) => {
  const places = new Map<number, Lease[]>();
  for (const lease of own) {
    const partition = partitions.count === 1 ? 0 : (whereabouts?.of(lease.id) ?? ANYWHERE);
    const there = places.get(partition);
    if (there) there.push(lease);
    else places.set(partition, [lease]);
  }
  return [...places];
};

const renewOwn = async (
  parts: Parts,
  own: readonly Lease[],
  validUntil: Instant | null,
  { lost }: Into,
): Promise<readonly Reply[]> => {
  const answers = await Promise.all(
    byPlace(parts, own).map(([partition, leases]) =>
      partition === ANYWHERE
        ? renewAnywhere(parts, leases, validUntil)
        : renewIn(parts, partition, leases, validUntil),
    ),
  );
  for (const { unknown } of answers) lost.push(...unknown.map(({ id }) => ({ id })));
  return answers.flatMap(({ replies }) => replies);
};

export const createRenew =
  (parts: Parts): PresenceStore['renew'] =>
  async (leases, validUntil): Promise<RenewAnswer> => {
    const { epochs } = parts;
    const into: Into = { lost: [], held: new Map() };
    if (leases.length === 0) return { at: await instant(epochs), epoch: epochs.current(), ...into };
    const shared = leases.filter(({ id }) => isSharedLease(id));
    const own = shared.length === 0 ? leases : leases.filter(({ id }) => !isSharedLease(id));
    const replies = await Promise.all([
      renewShared(parts, shared, validUntil, into),
      own.length === 0 ? [] : renewOwn(parts, own, validUntil, into),
    ]);
    for (const { id } of into.lost) into.held.delete(id);
    return { at: earliest(replies.flat()), epoch: epochs.current(), ...into };
  };
