import {
  nodeLease,
  STATUSES,
  staysIn,
  type Applied,
  type Command,
  type Instant,
  type Key,
  type Lease,
  type LeaseId,
  type Loaded,
  type Policy,
  type PresenceRecord,
  type Status,
} from '@presence/core';
import type { Soon } from '../../soon.ts';
import type { Committed, FindQuery, PresenceStore } from '../../stores/store.ts';
import type { Rules } from './stage.ts';

/** Where an engine might go wrong; by default it does not. */
export interface EngineHabits {
  /** The instant that it judges by. Right: the store's, of the answer. */
  readonly judgesAt?: (answered: Instant) => Instant;
  /** After losing its lease: the incarnation that it takes. Right: the next. */
  readonly nextIncarnation?: (lost: number) => number;
}

/** What became of a command, and the instants that the store gave it. */
export interface Done {
  readonly applied: Applied;
  /** Of the load that it was judged by. */
  readonly loadedAt: Instant;
  /** `null`: there was nothing to commit, or it was given up. */
  readonly committedAt: Instant | null;
  readonly refusals: readonly Extract<Committed, { ok: false }>['reason'][];
}

/** One user as everybody sees them at `at`. */
export interface Seen {
  readonly key: Key;
  readonly at: Instant;
  readonly record: PresenceRecord | null;
}

/** The least engine that keeps the rules: load, apply, commit, again when refused. */
export interface TestEngine {
  readonly lease: LeaseId;
  /** Renews the node's lease, or takes it; after a loss the next one. True when it was not lost. */
  renew(): Promise<boolean>;
  /** Loads and applies; the commit is made when the caller says so. */
  begin(key: Key, command: Command): Promise<() => Promise<Done>>;
  run(key: Key, command: Command): Promise<Done>;
  read(keys: readonly Key[]): Promise<readonly Seen[]>;
  /** Commits what is due; how many records it was. */
  reap(limit: number, spread: number): Promise<number>;
  /** One page; `after` of the next, or `null`. */
  page(
    query: FindQuery,
  ): Promise<{ readonly seen: readonly Seen[]; readonly after: string | null }>;
  /** Everybody of a list, page by page. */
  list(tenant: string, scope: string, status: readonly Status[], limit: number): Promise<Seen[]>;
  count(tenant: string, scope: string): Promise<Record<Status, number>>;
}

interface Parts {
  readonly store: PresenceStore;
  readonly rules: Rules;
  readonly policy: Policy;
  readonly name: string;
  readonly habits: EngineHabits;
}

const MOST_TRIES = 5;

/** Reads again after the amnesty where a store leaves it to the engine to ask for it. */
const freshly = async <Answer extends { readonly pulseOld?: boolean }>(
  store: PresenceStore,
  ask: () => Soon<Answer>,
): Promise<Answer> => {
  const answer = await ask();
  if (answer.pulseOld !== true) return answer;
  await store.due(1, 0);
  return ask();
};

export const createTestEngine = ({ store, rules, policy, name, habits }: Parts): TestEngine => {
  const judgesAt = habits.judgesAt ?? ((answered: Instant) => answered);
  const nextIncarnation = habits.nextIncarnation ?? ((lost: number) => lost + 1);
  let incarnation = 1;
  let isTaken = false;

  const settled = ({ key, record, leases }: Loaded, answered: Instant): Seen => {
    const at = judgesAt(answered);
    return { key, at, record: rules.settle(record, leases, at, policy).record };
  };

  const load = async (keys: readonly Key[]) => freshly(store, () => store.load(keys));

  const attempt = async (
    loaded: Loaded,
    loadedAt: Instant,
    command: Command,
    refusals: Done['refusals'],
  ): Promise<Done> => {
    const applied = rules.apply(loaded, command, judgesAt(loadedAt), policy);
    if (!applied.ok || applied.write === null) {
      return { applied, loadedAt, committedAt: null, refusals };
    }
    const { at, results } = await store.commit([applied.write]);
    const result = results[0]!;
    if (result.ok) return { applied, loadedAt, committedAt: at, refusals };
    const refused = [...refusals, result.reason];
    if (result.reason === 'lease-lost' || refused.length >= MOST_TRIES) {
      return { applied, loadedAt, committedAt: null, refusals: refused };
    }
    return attempt(result.current, at, command, refused);
  };

  const begin: TestEngine['begin'] = async (key, command) => {
    const { at, items } = await load([key]);
    return () => attempt(items[0]!, at, command, []);
  };

  const page: TestEngine['page'] = async (query) => {
    const answer = await freshly(store, () => store.find(query));
    const seen = [...answer.items, ...answer.overdue]
      .map((loaded) => settled(loaded, answer.at))
      .filter(
        ({ record }) =>
          record !== null &&
          query.status.includes(record.public.status) &&
          staysIn(query.scope, record),
      );
    return { seen, after: answer.more ? answer.end : null };
  };

  return {
    get lease() {
      return nodeLease(name, incarnation);
    },
    renew: async () => {
      const lease: Lease = { id: nodeLease(name, incarnation), forMs: policy.nodeLeaseMs };
      const { lost } = await store.renew([isTaken ? lease : { ...lease, create: true }], null);
      isTaken = lost.length === 0;
      if (!isTaken) incarnation = nextIncarnation(incarnation);
      return isTaken;
    },
    begin,
    run: async (key, command) => (await begin(key, command))(),
    read: async (keys) => {
      const { at, items } = await load(keys);
      return items.map((loaded) => settled(loaded, at));
    },
    reap: async (limit, spread) => {
      const { at, items } = await store.due(limit, spread);
      const writes = items.flatMap((loaded) => {
        const applied = rules.apply(loaded, { type: 'settle' }, judgesAt(at), policy);
        return applied.ok && applied.write ? [applied.write] : [];
      });
      if (writes.length > 0) await store.commit(writes);
      return items.length;
    },
    page,
    list: async (tenant, scope, status, limit) => {
      const found: Seen[] = [];
      let after: string | null = '';
      while (after !== null) {
        const next = await page({ tenant, scope, status, after, limit });
        found.push(...next.seen);
        if (next.after !== null && next.after <= after)
          throw new Error('The page did not move on.');
        after = next.after;
      }
      return found;
    },
    count: async (tenant, scope) => {
      const { at, byStatus, overdue } = await freshly(store, () => store.count({ tenant, scope }));
      const counts = Object.fromEntries(STATUSES.map((status) => [status, byStatus[status]]));
      for (const loaded of overdue) {
        const { record } = settled(loaded, at);
        if (record && staysIn(scope, record))
          counts[record.public.status] = (counts[record.public.status] ?? 0) + 1;
      }
      return counts as Record<Status, number>;
    },
  };
};
