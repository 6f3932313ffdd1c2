import type { Instant } from '@presence/core';
import { createHeap, type Heap } from './heap.ts';

/** A timer: an index into the columns of a {@link Wheel}. */
export type Slot = number;

const TICK_MS = 256;
/** With its tick, 35 minutes: what is further away is looked at once on the way. */
const BUCKETS = 8192;
const MASK = BUCKETS - 1;

const NONE = -1;

/** Values of a slot's `bucket` that are no bucket. */
const FREE = -1;
export const SOON = -2;
export const FIRED = -3;
export const REMOVED = -4;

/**
 * Timers in columns, chained by the tick at which they have to be looked at: 18 bytes each. Those of
 * the current tick stand in a heap, in order of their instants.
 */
export interface Wheel {
  when: Float64Array;
  next: Int32Array;
  previous: Int32Array;
  bucket: Int16Array;
  readonly heads: Int32Array;
  readonly soon: Heap;
  tick: number;
  /** Slots below it were in use at least once. */
  used: number;
  /** The first of the chain of slots to use again. */
  freed: Slot;
}

const tickOf = (at: Instant): number => Math.floor(at / TICK_MS);

export const createWheel = (startAt: Instant): Wheel => ({
  when: new Float64Array(1024),
  next: new Int32Array(1024),
  previous: new Int32Array(1024),
  bucket: new Int16Array(1024).fill(FREE),
  heads: new Int32Array(BUCKETS).fill(NONE),
  soon: createHeap(),
  tick: tickOf(startAt),
  used: 0,
  freed: NONE,
});

const grow = (wheel: Wheel): void => {
  const { when, next, previous, bucket } = wheel;
  const size = 2 * when.length;
  wheel.when = new Float64Array(size);
  wheel.when.set(when);
  wheel.next = new Int32Array(size);
  wheel.next.set(next);
  wheel.previous = new Int32Array(size);
  wheel.previous.set(previous);
  wheel.bucket = new Int16Array(size).fill(FREE);
  wheel.bucket.set(bucket);
};

export const takeSlot = (wheel: Wheel): Slot => {
  const slot = wheel.freed;
  if (slot !== NONE) {
    wheel.freed = wheel.next[slot]!;
    return slot;
  }
  if (wheel.used === wheel.when.length) grow(wheel);
  wheel.used += 1;
  return wheel.used - 1;
};

export const freeSlot = (wheel: Wheel, slot: Slot): void => {
  wheel.bucket[slot] = FREE;
  wheel.next[slot] = wheel.freed;
  wheel.freed = slot;
};

/** Puts a slot where it is looked at in time for its instant. */
export const place = (wheel: Wheel, slot: Slot): void => {
  const at = wheel.when[slot]!;
  const target = tickOf(at);
  if (target <= wheel.tick) {
    wheel.bucket[slot] = SOON;
    wheel.soon.push(at, slot);
    return;
  }
  const bucket = Math.min(target, wheel.tick + MASK) & MASK;
  const head = wheel.heads[bucket]!;
  wheel.bucket[slot] = bucket;
  wheel.next[slot] = head;
  wheel.previous[slot] = NONE;
  if (head !== NONE) wheel.previous[head] = slot;
  wheel.heads[bucket] = slot;
};

export const unlink = ({ next, previous, bucket, heads }: Wheel, slot: Slot): void => {
  const after = next[slot]!;
  const before = previous[slot]!;
  if (before === NONE) heads[bucket[slot]!] = after;
  else next[before] = after;
  if (after !== NONE) previous[after] = before;
};

const pour = (wheel: Wheel, bucket: number): void => {
  let slot = wheel.heads[bucket]!;
  wheel.heads[bucket] = NONE;
  while (slot !== NONE) {
    const next = wheel.next[slot]!;
    place(wheel, slot);
    slot = next;
  }
};

/** Looks at everything whose turn has come by `now`. */
export const turnTo = (wheel: Wheel, now: Instant): void => {
  const target = tickOf(now);
  if (target - wheel.tick >= BUCKETS) {
    wheel.tick = target;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) pour(wheel, bucket);
  }
  while (wheel.tick < target) {
    wheel.tick += 1;
    pour(wheel, wheel.tick & MASK);
  }
};

/** Not later than the next instant that waits; `null` when none does. */
export const nextInstant = ({ soon, heads, tick }: Wheel): Instant | null => {
  const least = soon.leastKey();
  if (least !== Infinity) return least;
  for (let ahead = 1; ahead < BUCKETS; ahead += 1) {
    if (heads[(tick + ahead) & MASK] !== NONE) return (tick + ahead) * TICK_MS;
  }
  return null;
};
