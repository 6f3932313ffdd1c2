import type { Presence } from '@presence/core';
import type { Me } from '@presence/core/protocol';
import type { Person } from './clients/person.ts';
import type { Ledger } from './ledger.ts';
import type { ServerLife } from './world/server-process.ts';

/** How one user reads in this step. */
export interface Reading {
  readonly at: number;
  readonly public: Presence;
  readonly own: Presence;
  readonly me: Me;
  /** When the public version was first seen, by a read or told by the server. */
  readonly publicSince: number;
}

/** What reads said, now and before. */
export interface Truth {
  now(person: Pick<Person, 'tenant' | 'userId'>): Reading | undefined;
  /** The reading of the step before. */
  before(person: Pick<Person, 'tenant' | 'userId'>): Reading | undefined;
  /** When a public version was first known to be out of date; `undefined` while it is not. */
  outdatedAt(person: Pick<Person, 'tenant' | 'userId'>, version: number): number | undefined;
  read(life: ServerLife, at: number): Promise<void>;
  /** The server said that a public presence changed. */
  told(tenant: string, presence: Presence, at: number): void;
  forget(): void;
}

const keyOf = ({ tenant, userId }: Pick<Person, 'tenant' | 'userId'>): string =>
  `${tenant}\n${userId}`;

export const createTruth = (people: readonly Person[], ledger: Ledger): Truth => {
  const now = new Map<string, Reading>();
  const before = new Map<string, Reading>();
  const newest = new Map<string, { version: number; since: number }>();
  const outdated = new Map<string, number>();

  const note = (key: string, version: number, at: number): number => {
    const last = newest.get(key);
    if (last && version <= last.version) return last.since;
    if (last) outdated.set(`${key}\n${last.version}`, at);
    newest.set(key, { version, since: at });
    return at;
  };

  return {
    now: (person) => now.get(keyOf(person)),
    before: (person) => before.get(keyOf(person)),
    outdatedAt: (person, version) => outdated.get(`${keyOf(person)}\n${version}`),
    read: async ({ presence }, at) => {
      for (const person of people) {
        const { tenant, userId } = person;
        const of = presence.tenant(tenant);
        const [shown, me] = await Promise.all([of.get(userId), of.me(userId)]);
        ledger.read(tenant, shown, 'public');
        ledger.read(tenant, me.presence, 'true');
        const key = keyOf(person);
        const last = now.get(key);
        if (last) before.set(key, last);
        const publicSince = note(key, shown.version, at);
        now.set(key, { at, public: shown, own: me.presence, me, publicSince });
      }
    },
    told: (tenant, { userId, version }, at) => void note(keyOf({ tenant, userId }), version, at),
    forget: () => {
      now.clear();
      before.clear();
      newest.clear();
      outdated.clear();
    },
  };
};
