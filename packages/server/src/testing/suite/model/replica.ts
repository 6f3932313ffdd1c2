import { equal, ok } from 'node:assert/strict';
import type { StoreChange } from '../../../stores/store.ts';
import type { Stage } from '../stage.ts';
import { labelOf, KEYS, TENANTS } from './users.ts';
import type { Versions } from './versions.ts';

/** A subscriber that keeps a copy of every record, and takes a snapshot where it missed something. */
export interface Replica {
  /** Messages do not arrive until `heal`. */
  lose(): void;
  heal(): Promise<void>;
  /** The copy is as the store is, once the messages under way have arrived. */
  verify(): Promise<void>;
}

export const createReplica = async (
  { store, eventually }: Stage,
  versions: Versions,
): Promise<Replica> => {
  const revisions = new Map<string, number>();
  const numbers = new Map<string, number>();
  let isLosing = false;
  let failure: unknown = null;

  const apply = ({ key, record, seq, steps }: StoreChange): void => {
    const user = labelOf(key);
    const last = numbers.get(key.tenant);
    if (last !== undefined) equal(seq, last + 1, `S7: a hole in the messages of ${key.tenant}`);
    numbers.set(key.tenant, seq);
    const before = revisions.get(user) ?? 0;
    const told = new Set(steps.map(({ revision }) => revision));
    for (const { revision } of record?.steps ?? []) {
      ok(revision <= before || told.has(revision), `S7: a transition of ${user} is missing`);
    }
    revisions.set(user, record?.revision ?? 0);
    versions.heard(user, record);
  };

  await store.subscribe(TENANTS, {
    change: (change) => {
      // What a subscriber throws is nobody's: it is told to whoever verifies next.
      try {
        if (!isLosing) apply(change);
      } catch (error) {
        failure ??= error;
      }
    },
    signal: () => undefined,
    gap: (topic) => {
      failure ??= new Error(`S7: nothing of ${topic} was lost.`);
    },
  });

  const stored = async (): Promise<Map<string, number>> => {
    const { items } = await store.load(KEYS);
    return new Map(items.map(({ key, record }) => [labelOf(key), record?.revision ?? 0]));
  };

  return {
    lose: () => {
      isLosing = true;
    },
    heal: async () => {
      if (!isLosing) return;
      isLosing = false;
      numbers.clear();
      for (const [user, revision] of await stored()) revisions.set(user, revision);
    },
    verify: async () => {
      if (isLosing) return;
      const wanted = await stored();
      const differs = (): string | undefined =>
        [...wanted.keys()].find((user) => (revisions.get(user) ?? 0) !== wanted.get(user));
      await eventually(
        `the message of a commit, for ${String(differs())}`,
        () => failure !== null || !differs(),
      );
      if (failure !== null) throw failure;
    },
  };
};
