import type { Instant, Key, Step, UserStep } from '@presence/core';
import { keyText } from '../engine/keys.ts';
import type { History } from './history.ts';

export interface MemoryHistoryOptions {
  /** Beyond it the oldest steps are dropped. Default 100,000, of about 200 bytes each. */
  readonly maxSteps?: number;
}

/** Whose history was erased lately: only what is under way then could come late. */
const KEPT_ERASURES = 1000;

interface Kept {
  readonly key: Key;
  /** In order of revision. */
  readonly steps: Step[];
}

interface Queued {
  readonly name: string;
  readonly revision: number;
  readonly at: Instant;
}

const placeOf = (steps: readonly Step[], revision: number): number => {
  let place = steps.length;
  while (place > 0 && steps[place - 1]!.revision >= revision) place -= 1;
  return place;
};

/** Steps of all users, and all of them by age. */
const createSteps = () => {
  const users = new Map<string, Kept>();
  let queue: Queued[] = [];
  let size = 0;
  return {
    users,
    size: () => size,
    add: (key: Key, name: string, step: Step): void => {
      const kept = users.get(name) ?? { key, steps: [] };
      users.set(name, kept);
      const place = placeOf(kept.steps, step.revision);
      if (kept.steps[place]?.revision === step.revision) return;
      kept.steps.splice(place, 0, step);
      // Nearly always the last: few come late.
      let age = queue.length;
      while (age > 0 && queue[age - 1]!.at > step.at) age -= 1;
      queue.splice(age, 0, { name, revision: step.revision, at: step.at });
      size += 1;
    },
    drop: (name: string): number => {
      const gone = users.get(name)?.steps.length ?? 0;
      if (!users.delete(name)) return 0;
      queue = queue.filter((queued) => queued.name !== name);
      size -= gone;
      return gone;
    },
    /** Removes the oldest ones that meet the condition, at most so many. */
    dropOldest: (isOver: (queued: Queued) => boolean, most: number): number => {
      let count = 0;
      while (count < most && count < queue.length && isOver(queue[count]!)) count += 1;
      for (const { name, revision } of queue.splice(0, count)) {
        const { steps } = users.get(name)!;
        steps.splice(placeOf(steps, revision), 1);
        if (steps.length === 0) users.delete(name);
      }
      size -= count;
      return count;
    },
  };
};

/** How a user was at the end of the steps. */
const isThere = (steps: readonly Step[]): boolean =>
  (steps.at(-1)?.status ?? 'offline') !== 'offline';

/**
 * A history in this process: lost with it, and bounded.
 *
 * @example
 * createPresence({ authenticate, history: { keep: memoryHistory({ maxSteps: 1_000_000 }) } })
 */
export const memoryHistory = ({ maxSteps = 100_000 }: MemoryHistoryOptions = {}): History => {
  const all = createSteps();
  const erased = new Map<string, number>();
  const stepsOf = (key: Key): readonly Step[] => all.users.get(keyText(key))?.steps ?? [];
  const usersOf = (tenant: string): Kept[] =>
    [...all.users.values()].filter(({ key }) => key.tenant === tenant);

  return {
    append: async (entries) => {
      for (const { key, steps } of entries) {
        const name = keyText(key);
        const below = erased.get(name) ?? 0;
        for (const step of steps) if (step.revision >= below) all.add(key, name, step);
      }
      all.dropOldest(() => true, Math.max(0, all.size() - maxSteps));
    },
    read: async ({ key, from, until, order, after, limit }) => {
      const inRange = stepsOf(key).filter(({ at }) => at >= from && at < until);
      const ordered = order === 'oldest' ? inRange : inRange.toReversed();
      const isLater = ({ revision }: Step): boolean =>
        after === null || (order === 'oldest' ? revision > after : revision < after);
      const rest = ordered.filter(isLater);
      return { steps: rest.slice(0, limit), more: rest.length > limit };
    },
    stepBefore: async (key, at) => stepsOf(key).findLast((step) => step.at < at) ?? null,
    stepsOf: async function* (tenant, { from, until }) {
      const steps = usersOf(tenant).flatMap(({ key: { userId }, steps }) =>
        steps.map(({ status, at }): UserStep => ({ userId, status, at })),
      );
      // Sorting keeps the order of revisions among those of one instant.
      yield steps.filter(({ at }) => at >= from && at < until).sort((a, b) => a.at - b.at);
    },
    presentAt: async (tenant, at) =>
      usersOf(tenant)
        .filter(({ steps }) => isThere(steps.filter((step) => step.at < at)))
        .map(({ key }) => key.userId),
    erase: async (key, below) => {
      const name = keyText(key);
      erased.delete(name);
      erased.set(name, below);
      if (erased.size > KEPT_ERASURES) erased.delete(erased.keys().next().value!);
      return all.drop(name);
    },
    trim: async (before, limit) => {
      const trimmed = all.dropOldest(({ at }) => at < before, limit);
      return { trimmed, more: trimmed === limit };
    },
  };
};
