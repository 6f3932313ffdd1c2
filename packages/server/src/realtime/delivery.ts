import type { Instant } from '@presence/core';
import { NOT_JOINED, type Entry, type Group, type Watch } from './audience.ts';
import { createChangesFrames, type ChangesFrames } from './changes-frames.ts';
import { byNumber, type Groups } from './groups.ts';
import type { Link } from './link.ts';
import type { Outbox } from './outbox.ts';
import type { SharedFrame } from './types.ts';
import { hasOneWatch } from './watch-list.ts';

/** One window's changes on their way to whoever watches them. */
export interface Delivery {
  readonly changed: readonly Entry[];
  /** The audience of the whole tenant. */
  readonly everyone: Group;
  readonly eachOf: Groups['eachOf'];
  readonly outbox: Outbox;
  readonly asOf: Instant;
  /** Whether the entry was not forgotten: its number may be another's by now. */
  isKept(entry: Entry): boolean;
}

interface Flush extends Delivery {
  readonly frames: ChangesFrames;
  readonly several: Map<Link, Assembled>;
}

/** What one link gets that has more than one watch. */
interface Assembled {
  readonly full: Set<Entry>;
  readonly compact: Set<Entry>;
}

const NONE: readonly Entry[] = Object.freeze([]);

/** Each changed user is noted in each audience that watches them. */
const touchedBy = ({ changed, everyone, eachOf, isKept }: Delivery): Set<Group> => {
  const touched = new Set<Group>();
  eachOf(changed.filter(isKept), (group, entry) => {
    if (group.changed === null) {
      group.changed = [];
      touched.add(group);
    }
    group.changed.push(entry);
  });
  if (everyone.members.size > 0) {
    everyone.changed = [...changed];
    touched.add(everyone);
  }
  return touched;
};

const newTo = (watch: Watch, changed: readonly Entry[]): readonly Entry[] =>
  changed.filter(({ seq }) => seq > watch.joinedSeq);

/** The first and the last of these changes, in the hub's count. */
const span = (changed: readonly Entry[]): { first: number; last: number } => {
  let first = Infinity;
  let last = 0;
  for (const { seq } of changed) {
    if (seq < first) first = seq;
    if (seq > last) last = seq;
  }
  return { first, last };
};

const assemble = (
  { several }: Flush,
  link: Link,
  rows: readonly Entry[],
  isTenant: boolean,
): void => {
  let assembled = several.get(link);
  if (!assembled) {
    assembled = { full: new Set(), compact: new Set() };
    several.set(link, assembled);
  }
  const { full, compact } = assembled;
  for (const row of rows) (isTenant ? compact : full).add(row);
};

/** Almost every link has one watch, and joined before all of this: the same frame for all of them. */
const deliverTo = (flush: Flush, group: Group): void => {
  const { everyone, outbox, frames } = flush;
  const changed = group.changed ?? NONE;
  const isTenant = group === everyone;
  const { first, last } = span(changed);
  const frameOf = (rows: readonly Entry[]): SharedFrame =>
    isTenant ? frames(NONE, rows) : frames(rows, NONE);
  const alike: Link[] = [];
  for (const watch of group.members) {
    const { link, joinedSeq } = watch;
    if (joinedSeq === NOT_JOINED) continue;
    if (joinedSeq < first && hasOneWatch(link)) {
      alike.push(link);
      continue;
    }
    if (joinedSeq >= last) continue;
    const rows = joinedSeq < first ? changed : newTo(watch, changed);
    if (hasOneWatch(link)) outbox.rows(link, frameOf(rows), rows);
    else assemble(flush, link, rows, isTenant);
  }
  if (alike.length > 0) outbox.rowsToAll(alike, frameOf(changed), changed);
};

const inOrder = (entries: Iterable<Entry>): Entry[] =>
  [...entries].sort((a, b) => a.place - b.place);

const sendAssembled = ({ frames, several, outbox }: Flush): void => {
  for (const [link, { full, compact }] of several) {
    for (const entry of full) compact.delete(entry);
    const rows = inOrder(full);
    const rest = inOrder(compact);
    outbox.rows(link, frames(rows, rest), [...rows, ...rest]);
  }
};

export const deliver = (delivery: Delivery): void => {
  // As audiences have them: whoever gets the same rows gets them in the same order.
  const changed = [...delivery.changed].sort(byNumber);
  changed.forEach((entry, place) => (entry.place = place));
  const flush: Flush = {
    ...delivery,
    changed,
    frames: createChangesFrames(delivery.asOf),
    several: new Map(),
  };
  const touched = touchedBy(flush);
  for (const group of touched) deliverTo(flush, group);
  sendAssembled(flush);
  for (const group of touched) {
    group.changed = null;
    group.snapshot = null;
  }
};
