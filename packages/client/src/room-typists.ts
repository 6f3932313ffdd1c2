import type { Instant } from '@presence/core';

/** Who types in one room; each stops by themselves in time. Instants are of this machine's clock. */
export interface RoomTypists {
  /** @param leftMs 0 or less: they stopped */
  note(userId: string, leftMs: number, now: Instant): void;
  clear(): void;
  /** When the next one stops; `Infinity`: nobody types. */
  nextEnd(): Instant;
  /** Forgets who has stopped; whether anybody had. */
  expire(now: Instant): boolean;
  all(): readonly (readonly [userId: string, until: Instant])[];
}

export const createRoomTypists = (): RoomTypists => {
  const untils = new Map<string, Instant>();
  return {
    note(userId, leftMs, now) {
      if (leftMs > 0) untils.set(userId, now + leftMs);
      else untils.delete(userId);
    },
    clear: () => untils.clear(),
    nextEnd: () => Math.min(...untils.values()),
    expire(now) {
      const before = untils.size;
      for (const [userId, until] of untils) if (until <= now) untils.delete(userId);
      return untils.size < before;
    },
    all: () => [...untils],
  };
};
