import type { Key, LeaseId, PresenceRecord, Status } from '@presence/core';
import type { Slot } from './wheel.ts';

/** One stored user: the record and the store's own copy of where it stands. */
export interface Entry {
  readonly key: Key;
  record: PresenceRecord;
  holds: readonly LeaseId[];
  solo: LeaseId | '';
  status: Status;
  scopes: readonly string[];
  /** The timer of the deadline; `null` while none waits. */
  deadline: Slot | null;
  /** Among the holders who hang on `solo` alone; -1 while on none. */
  soloPlace: number;
  /** Among the overdue; -1 while not. */
  overduePlace: number;
}

export const createEntry = (key: Key, record: PresenceRecord): Entry => ({
  key,
  record,
  holds: [],
  solo: '',
  status: 'offline',
  scopes: [],
  deadline: null,
  soloPlace: -1,
  overduePlace: -1,
});

/** Adds at the end; the place is written by the caller. */
export const addTo = (entries: Entry[], entry: Entry): number => entries.push(entry) - 1;

/** Fills the hole with the last one; its new place is told to `moved`. */
export const removeAt = (entries: Entry[], place: number, moved: (last: Entry) => void): void => {
  const last = entries.pop();
  if (last === undefined || place === entries.length) return;
  entries[place] = last;
  moved(last);
};
