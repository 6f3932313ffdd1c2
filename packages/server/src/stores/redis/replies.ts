import type { Key, Instant, LeaseId, Loaded, PresenceRecord } from '@presence/core';
import { decodeRecord } from './record-text.ts';
import type { Reply } from './scripts.ts';
import { decodeId, FIELD, ITEM } from '../shared/ids.ts';
import { decodeLease } from './text.ts';

const NO_LEASES: ReadonlyMap<LeaseId, Instant> = new Map();
const NO_HOLDS: readonly LeaseId[] = [];

const decodeHolds = (text: string): readonly LeaseId[] => {
  if (text === '') return NO_HOLDS;
  return text.includes(ITEM) ? text.split(ITEM).map(decodeLease) : [decodeLease(text)];
};

/** The leases of a list with their ends, as scripts write them. */
const decodeEnds = (holds: readonly LeaseId[], text: string): ReadonlyMap<LeaseId, Instant> => {
  if (holds.length === 0) return NO_LEASES;
  const ends = holds.length === 1 ? [text] : text.split(',');
  const leases = new Map<LeaseId, Instant>();
  holds.forEach((lease, index) => {
    const expiresAt = ends[index];
    if (expiresAt) leases.set(lease, Number(expiresAt));
  });
  return leases;
};

/** The fields of a stored value, from the first that a script reads to the record, which only nodes read. */
export const VALUE_FIELDS = 7;
const REVISION = 0;
const HOLDS = 1;
const RECORD = 6;

interface Stored {
  readonly record: PresenceRecord | null;
  readonly leases: ReadonlyMap<LeaseId, Instant>;
}

/** The fields of a value, from a place of a list on. A value without a revision is a deletion. */
export const decodeValue = (
  userId: string,
  fields: readonly string[],
  from: number,
  ends: string,
): Stored => {
  const holds = decodeHolds(fields[from + HOLDS]!);
  const leases = decodeEnds(holds, ends);
  const text = fields[from + RECORD]!;
  if (text === '') return { record: null, leases };
  const revision = Number(fields[from + REVISION]);
  return { record: decodeRecord(text, { userId, revision, holds }), leases };
};

/** Value and ends at `place` of a reply, as `tellAll` of `lua/shared/records.lua` wrote them. */
export const loadedAt = (reply: Reply, place: number, key: Key): Loaded => {
  const value = reply[place] as string | null;
  if (value === null) return { key, record: null, leases: NO_LEASES };
  const { record, leases } = decodeValue(
    key.userId,
    value.split(FIELD),
    0,
    reply[place + 1] as string,
  );
  return { key, record, leases };
};

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
