import type { Key, Instant, LeaseId, Loaded } from '@presence/core';
import type { Reply } from './scripts.ts';
import { decodeId, FIELD, ITEM } from '../shared/ids.ts';
import { decodeRecord } from '../shared/record-text.ts';
import { decodeLease } from './text.ts';

const NO_LEASES: ReadonlyMap<LeaseId, Instant> = new Map();

/** The leases of a list with their ends, both as scripts write them. */
export const decodeLeases = (holds: string, ends: string): ReadonlyMap<LeaseId, Instant> => {
  if (holds === '') return NO_LEASES;
  const expiries = ends.split(',');
  const leases = new Map<LeaseId, Instant>();
  holds.split(ITEM).forEach((lease, index) => {
    const expiresAt = expiries[index];
    if (expiresAt) leases.set(decodeLease(lease), Number(expiresAt));
  });
  return leases;
};

/** Which field of a stored value names the leases that it holds; the record comes last. */
const HOLDS = 4;
const RECORD = 6;

const decodeLoaded = (key: Key, value: string | null, ends: string): Loaded => {
  if (value === null) return { key, record: null, leases: NO_LEASES };
  const fields = value.split(FIELD);
  return {
    key,
    record: decodeRecord(fields[RECORD]!),
    leases: decodeLeases(fields[HOLDS]!, ends),
  };
};

/** Value and ends at `place` of a reply, as `tell` of `lua/shared/records.lua` wrote them. */
export const loadedAt = (reply: Reply, place: number, key: Key): Loaded =>
  decodeLoaded(key, reply[place] as string | null, reply[place + 1] as string);

const keyOfField = (field: string): Key => {
  const between = field.indexOf(FIELD);
  return {
    tenant: decodeId(field.slice(0, between)),
    userId: decodeId(field.slice(between + 1)),
  };
};

/** Fields with value and ends, from `place` to the end of a reply. Someone deleted meanwhile is left out. */
export const loadedFrom = (reply: Reply, place: number): Loaded[] => {
  const items: Loaded[] = [];
  for (let at = place; at < reply.length; at += 3) {
    if (reply[at + 1] !== null)
      items.push(loadedAt(reply, at + 1, keyOfField(reply[at] as string)));
  }
  return items;
};

export const atOf = (reply: Reply): Instant => reply[0] as number;
