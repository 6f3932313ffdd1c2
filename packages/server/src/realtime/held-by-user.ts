import type { Held } from './held.ts';

/** The sessions of each user that a node holds. Almost everybody has one, which stands there without a list. */
export interface HeldByUser {
  of(userId: string): readonly Held[];
  has(userId: string): boolean;
  add(held: Held): void;
  /** Whether it was there. */
  remove(held: Held): boolean;
  userIds(): Iterable<string>;
  all(): Iterable<Held>;
  /** Distinct users. */
  readonly size: number;
}

const NONE: readonly Held[] = Object.freeze([]);

const listOf = (held: Held | readonly Held[]): readonly Held[] =>
  'length' in held ? held : [held];

export const createHeldByUser = (): HeldByUser => {
  const users = new Map<string, Held | readonly Held[]>();

  const of = (userId: string): readonly Held[] => {
    const held = users.get(userId);
    return held === undefined ? NONE : listOf(held);
  };

  return {
    of,
    has: (userId) => users.has(userId),
    add: (held) => {
      const others = of(held.key.userId);
      users.set(held.key.userId, others.length === 0 ? held : [...others, held]);
    },
    remove: (held) => {
      const { userId } = held.key;
      const before = of(userId);
      const [first, ...others] = before.filter((other) => other !== held);
      if (first === undefined) users.delete(userId);
      else users.set(userId, others.length === 0 ? first : [first, ...others]);
      return others.length + (first === undefined ? 0 : 1) < before.length;
    },
    userIds: () => users.keys(),
    *all() {
      for (const held of users.values()) yield* listOf(held);
    },
    get size() {
      return users.size;
    },
  };
};
