import { isSharedLease, type Instant, type Lease, type LeaseId } from '@presence/core';
import type { LostLease, PresenceStore, RenewAnswer } from '../store.ts';
import type { Asked } from './copies.ts';
import { MOST, type Parts } from './parts.ts';
import { inPieces } from '../shared/pieces.ts';
import { earliest, instant } from './instants.ts';
import {
  decodeLostOwn,
  encodeRenewal,
  holdersAt,
  LOST,
  NOT_HERE,
  type SharedRenewal,
} from './renewals.ts';
import type { Reply } from './scripts.ts';

interface Into {
  readonly lost: LostLease[];
  readonly held: Map<LeaseId, number>;
}

interface AskedOf extends SharedRenewal {
  readonly asked: Asked;
}

/** By the partition that is asked. */
const askedOf = ({ copies }: Parts, shared: readonly Lease[]): [number, AskedOf[]][] => {
  const groups = new Map<number, AskedOf[]>();
  for (const lease of shared) {
    const places = copies?.askedFor(lease) ?? [
      { partition: 0, mode: lease.create ? '1' : '', commits: 0 } as const,
    ];
    for (const asked of places) {
      const group = groups.get(asked.partition);
      const each = { lease, mode: asked.mode, asked };
      if (group) group.push(each);
      else groups.set(asked.partition, [each]);
    }
  }
  return [...groups];
};

/** One lost copy is a loss. */
const noteShared = (
  { copies }: Parts,
  { lease: { id }, asked }: AskedOf,
  holders: number,
  { lost, held }: Into,
): void => {
  if (holders !== LOST) {
    held.set(id, (held.get(id) ?? 0) + (holders === NOT_HERE ? 0 : holders));
    copies?.counted(id, asked, holders);
    return;
  }
  copies?.lost(id);
  if (lost.some((other) => other.id === id)) return;
  lost.push(copies ? { id, partition: asked.partition } : { id });
};

const renewShared = async (
  parts: Parts,
  shared: readonly Lease[],
  validUntil: Instant | null,
  into: Into,
): Promise<readonly Reply[]> => {
  const groups = askedOf(parts, shared);
  // Every partition is asked, also when one does not answer: users in the others are not to suffer.
  const answers = await Promise.allSettled(
    groups.map(([partition, group]) =>
      parts.epochs.run('renew', partition, encodeRenewal(group, [], validUntil)),
    ),
  );
  return answers.map((answer, index) => {
    if (answer.status === 'rejected') throw answer.reason;
    groups[index]![1].forEach((each, place) =>
      noteShared(parts, each, holdersAt(answer.value, place), into),
    );
    return answer.value;
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

const everywhere = ({ partitions }: Parts): readonly number[] =>
  Array.from({ length: partitions.count }, (_, partition) => partition);

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
