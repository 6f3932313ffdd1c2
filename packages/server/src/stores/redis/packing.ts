import type { Instant } from '@presence/core';

/**
 * Records as they are stored: lists by place instead of names, instants as what they lie before the
 * revision, and nothing at the end of a list that is as usual. A third of the same record as an
 * object: bytes are what scripts, memory and messages cost. Places are part of the layout; another
 * order is another schema.
 */
export type Item = string | number | null | readonly Item[];
export type Row = Item[];

/** A record's revision: what instants are counted from. */
export type From = Instant;

export const NOTHING: readonly never[] = Object.freeze([]);

// Both numbers are of one size: the difference is exact, and gives the instant back.
export const before = (from: From, instant: Instant | null): number | null =>
  instant === null ? null : from - instant;

export const instant = (from: From, item: Item | undefined): Instant | null =>
  item === null || item === undefined ? null : from - (item as number);

/** Without the end that is as usual. */
export const trimmed = (row: Row, usual: readonly unknown[]): Row => {
  let length = row.length;
  while (length > 0 && row[length - 1] === usual[length - 1]) length -= 1;
  row.length = length;
  return row;
};

export const packedList = <Part>(list: readonly Part[], pack: (part: Part) => Row): Row | null =>
  list.length === 0 ? null : list.map(pack);

export const unpackedList = <Part>(
  item: Item | undefined,
  unpack: (row: Row) => Part,
): readonly Part[] => (item === null || item === undefined ? NOTHING : (item as Row[]).map(unpack));
