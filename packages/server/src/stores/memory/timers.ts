import type { Instant } from '@presence/core';

/** A timer of {@link createTimers}: an index into its columns. */
export type Slot = number;

/**
 * Instants that are moved far more often than they are reached. Moving one to later is one number
 * written; where it stands is put right when its old place comes up. So the cost of time passing
 * grows with what ends, and not with what is held.
 */
export interface Timers<Owner> {
  add(owner: Owner, at: Instant): Slot;
  ownerOf(slot: Slot): Owner;
  at(slot: Slot): Instant;
  /** Moves a timer that has not fired; `at` must not be earlier than before. */
  defer(slot: Slot, at: Instant): void;
  remove(slot: Slot): void;
  /** Fires each timer whose instant is reached. A fired one keeps its slot until it is removed. */
  advance(now: Instant, fire: (slot: Slot) => void): void;
  /** Not later than the next one fires; `null` when none waits. */
  nextAt(): Instant | null;
  /** Each timer that has not fired. */
  each(visit: (slot: Slot) => void): void;
}

const TICK_MS = 256;
/** With its tick, 35 minutes: what is further away is looked at once on the way. */
const BUCKETS = 8192;
const MASK = BUCKETS - 1;

const NONE = -1;
/** Values of `bucket` that are no bucket. */
const FREE = -1;
const SOON = -2;
const FIRED = -3;
const REMOVED = -4;

const tickOf = (at: Instant): number => Math.floor(at / TICK_MS);

/** A binary heap of slots by the instant that they had when they were pushed. */
const createHeap = () => {
  const keys: number[] = [];
  const slots: Slot[] = [];
  const swap = (a: number, b: number): void => {
    const key = keys[a]!;
    const slot = slots[a]!;
    keys[a] = keys[b]!;
    slots[a] = slots[b]!;
    keys[b] = key;
    slots[b] = slot;
  };
  const push = (key: number, slot: Slot): void => {
    let child = keys.push(key) - 1;
    slots.push(slot);
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (keys[parent]! <= keys[child]!) return;
      swap(parent, child);
      child = parent;
    }
  };
  const sink = (): void => {
    let parent = 0;
    for (;;) {
      let least = parent;
      for (let child = 2 * parent + 1; child <= 2 * parent + 2; child += 1) {
        if (child < keys.length && keys[child]! < keys[least]!) least = child;
      }
      if (least === parent) return;
      swap(parent, least);
      parent = least;
    }
  };
  const pop = (): Slot => {
    const top = slots[0]!;
    swap(0, keys.length - 1);
    keys.pop();
    slots.pop();
    sink();
    return top;
  };
  return { push, pop, topKey: (): number => keys[0] ?? Infinity };
};

/** The columns of the timers, which grow together. */
const createColumns = () => {
  let size = 1024;
  const columns = {
    when: new Float64Array(size),
    next: new Int32Array(size),
    previous: new Int32Array(size),
    bucket: new Int16Array(size).fill(FREE),
  };
  const grow = (): void => {
    size *= 2;
    const { when, next, previous, bucket } = columns;
    columns.when = new Float64Array(size);
    columns.when.set(when);
    columns.next = new Int32Array(size);
    columns.next.set(next);
    columns.previous = new Int32Array(size);
    columns.previous.set(previous);
    columns.bucket = new Int16Array(size).fill(FREE);
    columns.bucket.set(bucket);
  };
  return { columns, grow, size: () => size };
};

export const createTimers = <Owner>(startAt: Instant): Timers<Owner> => {
  const { columns, grow, size } = createColumns();
  const heads = new Int32Array(BUCKETS).fill(NONE);
  const soon = createHeap();
  const owners: (Owner | null)[] = [];
  let used = 0;
  let freed = NONE;
  let tick = tickOf(startAt);

  const place = (slot: Slot): void => {
    const at = columns.when[slot]!;
    const target = tickOf(at);
    if (target <= tick) {
      columns.bucket[slot] = SOON;
      soon.push(at, slot);
      return;
    }
    const bucket = Math.min(target, tick + MASK) & MASK;
    const head = heads[bucket]!;
    columns.bucket[slot] = bucket;
    columns.next[slot] = head;
    columns.previous[slot] = NONE;
    if (head !== NONE) columns.previous[head] = slot;
    heads[bucket] = slot;
  };

  const unlink = (slot: Slot): void => {
    const next = columns.next[slot]!;
    const previous = columns.previous[slot]!;
    if (previous === NONE) heads[columns.bucket[slot]!] = next;
    else columns.next[previous] = next;
    if (next !== NONE) columns.previous[next] = previous;
  };

  const free = (slot: Slot): void => {
    columns.bucket[slot] = FREE;
    columns.next[slot] = freed;
    freed = slot;
  };

  const take = (): Slot => {
    if (freed !== NONE) {
      const slot = freed;
      freed = columns.next[slot]!;
      return slot;
    }
    if (used === size()) grow();
    used += 1;
    return used - 1;
  };

  const pour = (bucket: number): void => {
    let slot = heads[bucket]!;
    heads[bucket] = NONE;
    while (slot !== NONE) {
      const next = columns.next[slot]!;
      place(slot);
      slot = next;
    }
  };

  const turnTo = (target: number): void => {
    if (target - tick >= BUCKETS) {
      tick = target;
      for (let bucket = 0; bucket < BUCKETS; bucket += 1) pour(bucket);
    }
    while (tick < target) {
      tick += 1;
      pour(tick & MASK);
    }
  };

  return {
    add: (owner, at) => {
      const slot = take();
      columns.when[slot] = at;
      owners[slot] = owner;
      place(slot);
      return slot;
    },
    ownerOf: (slot) => owners[slot]!,
    at: (slot) => columns.when[slot]!,
    defer: (slot, at) => {
      columns.when[slot] = at;
    },
    remove: (slot) => {
      const bucket = columns.bucket[slot]!;
      owners[slot] = null;
      // The heap still names the slot: it is free once the heap has let go of it.
      if (bucket === SOON) columns.bucket[slot] = REMOVED;
      else {
        if (bucket >= 0) unlink(slot);
        free(slot);
      }
    },
    advance: (now, fire) => {
      turnTo(tickOf(now));
      while (soon.topKey() <= now) {
        const slot = soon.pop();
        if (columns.bucket[slot] === REMOVED) free(slot);
        else if (columns.when[slot]! > now) place(slot);
        else {
          columns.bucket[slot] = FIRED;
          fire(slot);
        }
      }
    },
    nextAt: () => {
      const top = soon.topKey();
      if (top !== Infinity) return top;
      for (let ahead = 1; ahead < BUCKETS; ahead += 1) {
        if (heads[(tick + ahead) & MASK] !== NONE) return (tick + ahead) * TICK_MS;
      }
      return null;
    },
    each: (visit) => {
      for (let slot = 0; slot < used; slot += 1) {
        const bucket = columns.bucket[slot]!;
        if (bucket >= 0 || bucket === SOON) visit(slot);
      }
    },
  };
};
