import type { Cancel, Clock, Instant } from '@presence/core';
import { compactJson, type Entry, type Group, type Watch } from './audience.ts';
import type { Link } from './link.ts';
import type { Outbox } from './outbox.ts';
import { sharedFrame } from './shared-frame.ts';
import type { SharedFrame } from './types.ts';

/** Brings what changed to whoever watches it, once for each window of time. */
export interface FanOut {
  changed(entry: Entry): void;
  /** Changes that wait for the window and that at least one of these watches has not been told of. */
  pendingFor(watches: readonly Watch[]): readonly Entry[];
  /** The latest state of these users in one frame, as this link's watches show them. */
  latest(link: Link, entries: Iterable<Entry>): SharedFrame | null;
  stop(): void;
}

interface Parts {
  readonly clock: Clock;
  readonly windowMs: number;
  /** The audience of the whole tenant. */
  readonly everyone: Group;
  readonly outbox: Outbox;
  asOf(): Instant;
}

/** What one link gets that has more than one watch. */
interface Assembled {
  readonly full: Set<Entry>;
  readonly compact: Set<Entry>;
}

/** Frames of one flush. Equal combinations of rows are serialised once, whoever gets them. */
const createFrames = (asOf: Instant) => {
  const frames = new Map<string, SharedFrame>();
  const compact = new Map<Entry, string>();

  const short = (entry: Entry): string => {
    let json = compact.get(entry);
    if (json === undefined) {
      json = compactJson(entry);
      compact.set(entry, json);
    }
    return json;
  };

  const key = (full: readonly Entry[], rest: readonly Entry[]): string => {
    let text = '';
    for (const { place } of full) text += `${place},`;
    for (const { place } of rest) text += `c${place},`;
    return text;
  };

  return (full: readonly Entry[], rest: readonly Entry[]): SharedFrame => {
    const name = key(full, rest);
    let frame = frames.get(name);
    if (!frame) {
      const rows = [...full.map(({ json }) => json), ...rest.map(short)];
      frame = sharedFrame(`{"type":"changes","presences":[${rows.join(',')}],"asOf":${asOf}}`);
      frames.set(name, frame);
    }
    return frame;
  };
};

type Frames = ReturnType<typeof createFrames>;

const NONE: readonly Entry[] = Object.freeze([]);

/** Each changed user is noted in each audience that watches them. */
const touchedBy = (changed: readonly Entry[], everyone: Group): Set<Group> => {
  const touched = new Set<Group>();
  changed.forEach((entry, place) => {
    entry.place = place;
    if (entry.groups === null) return;
    for (const group of entry.groups) {
      (group.changed ??= []).push(entry);
      touched.add(group);
    }
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

export const createFanOut = (parts: Parts): FanOut => {
  const { clock, windowMs, everyone, outbox, asOf } = parts;
  const pending = new Set<Entry>();
  let window: Cancel | null = null;

  /** Almost every link has one watch, and joined before all of this: the same frame for all of them. */
  const deliver = (group: Group, frames: Frames, several: Map<Link, Assembled>): void => {
    const changed = group.changed ?? NONE;
    const isTenant = group === everyone;
    const { first, last } = span(changed);
    const frameOf = (rows: readonly Entry[]): SharedFrame =>
      isTenant ? frames(NONE, rows) : frames(rows, NONE);
    let common: SharedFrame | null = null;
    for (const watch of group.members) {
      const { link, joinedSeq } = watch;
      if (joinedSeq < first && link.watches.length === 1) {
        outbox.rows(link, (common ??= frameOf(changed)), changed);
        continue;
      }
      if (joinedSeq >= last) continue;
      const rows = joinedSeq < first ? changed : newTo(watch, changed);
      if (link.watches.length === 1) outbox.rows(link, frameOf(rows), rows);
      else assemble(several, link, rows, isTenant);
    }
  };

  const assemble = (
    several: Map<Link, Assembled>,
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

  const inOrder = (entries: Iterable<Entry>): Entry[] =>
    [...entries].sort((a, b) => a.place - b.place);

  const sendAssembled = (frames: Frames, several: Map<Link, Assembled>): void => {
    for (const [link, { full, compact }] of several) {
      for (const entry of full) compact.delete(entry);
      const rows = inOrder(full);
      const rest = inOrder(compact);
      outbox.rows(link, frames(rows, rest), [...rows, ...rest]);
    }
  };

  const flush = (): void => {
    window = null;
    const changed = [...pending];
    pending.clear();
    const frames = createFrames(asOf());
    const several = new Map<Link, Assembled>();
    const touched = touchedBy(changed, everyone);
    for (const group of touched) deliver(group, frames, several);
    sendAssembled(frames, several);
    for (const group of touched) {
      group.changed = null;
      group.snapshot = null;
    }
  };

  const latest: FanOut['latest'] = (link, entries) => {
    const full = [...entries].filter(({ groups }) => watchesById(link, groups));
    const rest = link.watches.some(({ isTenant }) => isTenant)
      ? [...entries].filter(({ groups }) => !watchesById(link, groups))
      : [];
    const rows = [...full.map(({ json }) => json), ...rest.map(compactJson)];
    if (rows.length === 0) return null;
    return sharedFrame(`{"type":"changes","presences":[${rows.join(',')}],"asOf":${asOf()}}`);
  };

  return {
    changed: (entry) => {
      pending.add(entry);
      window ??= clock.after(windowMs, flush);
    },
    pendingFor: (watches) =>
      [...pending].filter(({ groups, seq }) =>
        watches.some(
          ({ group, joinedSeq, isTenant }) =>
            seq > joinedSeq && (isTenant || groups?.has(group) === true),
        ),
      ),
    latest,
    stop: () => {
      window?.();
      window = null;
      pending.clear();
    },
  };
};

const watchesById = (link: Link, groups: Entry['groups']): boolean =>
  groups !== null && link.watches.some(({ group }) => groups.has(group));
