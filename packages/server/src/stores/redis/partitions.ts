import type { Key, LeaseId } from '@presence/core';
import { encodeId, FIELD } from '../shared/ids.ts';

/** What of some items concerns one partition. */
export interface Share<Item> {
  readonly partition: number;
  readonly items: readonly Item[];
  readonly places: readonly number[];
}

/** Where a user's keys stand: one partition is one hash slot of a cluster. */
export interface Partitions {
  readonly count: number;
  of(key: Key): number;
  /** Every partition that may hold users of a tenant. */
  ofTenant(tenant: string): readonly number[];
  /** Where a shared lease is kept, whoever holds it. */
  homeOf(lease: LeaseId): number;
  /** Items by the partition of their key, with the places that they had. */
  split<Item>(items: readonly Item[], keyOf: (item: Item) => Key): readonly Share<Item>[];
  /** The keys of one partition, in the order of `lua/shared/keys.lua`. */
  keys(partition: number): readonly string[];
  channel(partition: number, tenant: string): string;
}

const NAMES = 'rec own node due hold idx seq meta fresh claim gone'.split(' ');

/** FNV-1a over UTF-16 code units. Part of the layout: another one would look for users where they are not. */
const hash = (text: string): number => {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
};

/** A user's place in the hashes and lists of a partition. */
export const fieldOf = ({ tenant, userId }: Key): string =>
  encodeId(tenant) + FIELD + encodeId(userId);

/**
 * @param shardsPerTenant over how many partitions the users of one tenant are spread
 * @param database the number of the server's database: keys stand in one, channels belong to all
 */
export const createPartitions = (
  prefix: string,
  count: number,
  shardsPerTenant: number,
  database = 0,
): Partitions => {
  const channels = database === 0 ? 'c:' : `c${database}:`;
  const keys = Array.from({ length: count }, (_, partition) =>
    [...NAMES, channels].map((name) => `{${prefix}:${partition}}:${name}`),
  );
  const first = (tenant: string): number => hash(tenant) % count;
  const of = ({ tenant, userId }: Key): number => {
    if (count === 1) return 0;
    const shard = shardsPerTenant === 1 ? 0 : hash(userId) % shardsPerTenant;
    return (first(tenant) + shard) % count;
  };
  const split: Partitions['split'] = (items, keyOf) => {
    const shares = new Map<number, { items: (typeof items)[number][]; places: number[] }>();
    items.forEach((item, place) => {
      const partition = of(keyOf(item));
      let share = shares.get(partition);
      if (!share) shares.set(partition, (share = { items: [], places: [] }));
      share.items.push(item);
      share.places.push(place);
    });
    return [...shares].map(([partition, share]) => ({ partition, ...share }));
  };
  return {
    count,
    of,
    split,
    homeOf: (lease) => hash(lease) % count,
    ofTenant: (tenant) => {
      const start = first(tenant);
      return Array.from({ length: shardsPerTenant }, (_, shard) => (start + shard) % count);
    },
    keys: (partition) => keys[partition]!,
    channel: (partition, tenant) => keys[partition]!.at(-1)! + encodeId(tenant),
  };
};
