import type { PresenceRecord } from '@presence/core';

/** A record as it is written: without the view that is the same object as another. */
type Written = PresenceRecord & { own?: PresenceRecord['own'] };

/** Most users never hide: their two views are one object, and are written once. */
export const encodeRecord = (record: PresenceRecord): string =>
  JSON.stringify(record.own === record.public ? { ...record, own: undefined } : record);

/** What {@link encodeRecord} wrote, parsed as part of a larger text. */
export const completed = (written: object): PresenceRecord => {
  const record = written as Written;
  return record.own === undefined ? { ...record, own: record.public } : record;
};

export const decodeRecord = (text: string): PresenceRecord =>
  completed(JSON.parse(text) as Written);
