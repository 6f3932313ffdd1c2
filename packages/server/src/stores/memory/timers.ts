import type { Instant } from '@presence/core';
import {
  createWheel,
  FIRED,
  freeSlot,
  nextInstant,
  place,
  REMOVED,
  SOON,
  takeSlot,
  turnTo,
  unlink,
  type Slot,
} from './wheel.ts';

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

export const createTimers = <Owner>(startAt: Instant): Timers<Owner> => {
  const wheel = createWheel(startAt);
  const owners: (Owner | null)[] = [];

  const remove = (slot: Slot): void => {
    const bucket = wheel.bucket[slot]!;
    owners[slot] = null;
    // The heap still names the slot: it is free once the heap has let go of it.
    if (bucket === SOON) {
      wheel.bucket[slot] = REMOVED;
      return;
    }
    if (bucket >= 0) unlink(wheel, slot);
    freeSlot(wheel, slot);
  };

  const advance = (now: Instant, fire: (slot: Slot) => void): void => {
    turnTo(wheel, now);
    while (wheel.soon.leastKey() <= now) {
      const slot = wheel.soon.pop();
      if (wheel.bucket[slot] === REMOVED) freeSlot(wheel, slot);
      else if (wheel.when[slot]! > now) place(wheel, slot);
      else {
        wheel.bucket[slot] = FIRED;
        fire(slot);
      }
    }
  };

  return {
    add: (owner, at) => {
      const slot = takeSlot(wheel);
      wheel.when[slot] = at;
      owners[slot] = owner;
      place(wheel, slot);
      return slot;
    },
    ownerOf: (slot) => owners[slot]!,
    at: (slot) => wheel.when[slot]!,
    defer: (slot, at) => {
      wheel.when[slot] = at;
    },
    remove,
    advance,
    nextAt: () => nextInstant(wheel),
    each: (visit) => {
      for (let slot = 0; slot < wheel.used; slot += 1) {
        const bucket = wheel.bucket[slot]!;
        if (bucket >= 0 || bucket === SOON) visit(slot);
      }
    },
  };
};
