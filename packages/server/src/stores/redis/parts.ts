import type { Key, Lease, Write } from '@presence/core';
import type { Copies } from './copies.ts';
import type { Epochs } from './epochs.ts';
import { createGather, type Gathered } from '../shared/gather.ts';
import { fieldOf, type Partitions } from './partitions.ts';
import { encodeRenewal } from './renewals.ts';
import type { Reply } from './scripts.ts';
import type { Whereabouts } from './whereabouts.ts';
import { encodeWrites } from './writes.ts';

type Gather<Item> = (items: readonly Item[]) => Promise<Gathered<Reply>>;

/** A renewal of an own lease with its end. */
interface Renewal {
  readonly lease: Lease;
  readonly validUntil: number | null;
}

/** What the verbs of the store stand on. The gathers are one for each partition. */
export interface Parts {
  readonly partitions: Partitions;
  readonly epochs: Epochs;
  readonly load: readonly Gather<Key>[];
  readonly commit: readonly Gather<Write>[];
  readonly renew: readonly Gather<Renewal>[];
  /** `null` where there is one partition only. */
  readonly whereabouts: Whereabouts | null;
  /** `null` where there is one partition only. */
  readonly copies: Copies | null;
}

/** Larger batches make other clients of the server wait: each of these keeps it for a millisecond or two. */
export const MOST = Object.freeze({ load: 250, find: 250, commit: 50, renew: 500 });

/** One batch on its way to the server while the one before is answered. */
const AT_ONCE = 2;

/** The earliest end holds for all that travel together; they were asked for within moments. */
const earliestEnd = (renewals: readonly Renewal[]): number | null => {
  let earliest: number | null = null;
  for (const { validUntil } of renewals) {
    if (validUntil !== null && (earliest === null || validUntil < earliest)) earliest = validUntil;
  }
  return earliest;
};

export const createParts = ({
  partitions,
  epochs,
  whereabouts,
  copies,
  command,
}: Pick<Parts, 'partitions' | 'epochs' | 'whereabouts' | 'copies'> & {
  readonly command: 'PUBLISH' | 'SPUBLISH';
}): Parts => {
  const each = <Item>(
    most: number,
    send: (partition: number, items: readonly Item[]) => Promise<Reply>,
  ): Gather<Item>[] =>
    Array.from({ length: partitions.count }, (_, partition) =>
      createGather({ most, atOnce: AT_ONCE, send: (items) => send(partition, items) }),
    );

  return {
    partitions,
    epochs,
    whereabouts,
    copies,
    load: each<Key>(MOST.load, (partition, keys) =>
      epochs.run('load', partition, keys.map(fieldOf)),
    ),
    commit: each<Write>(MOST.commit, (partition, writes) =>
      epochs.run('commit', partition, encodeWrites(command, writes)),
    ),
    renew: each<Renewal>(MOST.renew, (partition, renewals) => {
      const own = renewals.map(({ lease }) => lease);
      return epochs.run('renew', partition, encodeRenewal([], own, earliestEnd(renewals)));
    }),
  };
};
