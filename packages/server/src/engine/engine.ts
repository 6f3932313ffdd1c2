import { apply, type Clock, type LeaseId, type Policy, type Random } from '@presence/core';
import type { Committed, PresenceStore } from '../stores/store.ts';
import { createBeatCalls } from './beat-calls.ts';
import { createBeat } from './beat.ts';
import { createLists, readingOf } from './lists.ts';
import { createStoreCalls, type LoadedAt } from './store-calls.ts';
import type { Engine, Part, Reading } from './types.ts';
import { createUserQueue, type OwnCommit } from './user-queue.ts';

interface EngineParts {
  readonly store: PresenceStore;
  readonly clock: Clock;
  readonly random: Random;
  policyOf(tenant: string): Policy;
  /** Called for each commit of this node, after the store took it. */
  onCommit(commit: OwnCommit): void;
  onLeaseLost(lease: LeaseId): Promise<void>;
  /** The store refused a write, which is tried again. */
  onRefused?(reason: Extract<Committed, { ok: false }>['reason']): void;
  /** What the store's data is called; another name: it was lost. */
  onEpoch?(epoch: string): void;
}

/** Users settled in one go: more make other readers wait. How many are committed together is the store's to say. */
const REAP_BATCH = 200;

const WHOLE: Part = Object.freeze({ index: 0, of: 1 });

/**
 * Anywhere, so that servers that reap at once meet different records; in the first half of one of several parts, so that
 * those who reap the others are never met.
 */
const placeIn = ({ index, of }: Part, random: Random): number =>
  of === 1 ? random.next() : (index + random.next() / 2) / of;

/** Load, settle, apply, commit: the only way to the store. */
export const createEngine = (parts: EngineParts): Engine => {
  const { store, random, policyOf, onCommit } = parts;
  const calls = createStoreCalls(store, parts.onEpoch);
  const queue = createUserQueue({ ...parts, calls });

  const read = ({ at, loaded }: LoadedAt): Reading =>
    readingOf(loaded, at, policyOf(loaded.key.tenant));

  const reap: Engine['reap'] = async (limit, part = WHOLE) => {
    const { at, items, more } = await calls.ask((asked) =>
      asked.due(Math.min(limit, REAP_BATCH), placeIn(part, random)),
    );
    const commits: Omit<OwnCommit, 'at'>[] = [];
    for (const loaded of items) {
      const applied = apply(loaded, { type: 'settle' }, at, policyOf(loaded.key.tenant));
      if (applied.ok && applied.write) {
        commits.push({ key: loaded.key, before: loaded.record, write: applied.write });
      }
    }
    let settled = 0;
    let wentOffline = 0;
    // A refused one was settled by somebody else, or is settled in the next round.
    const results = await calls.commitMany(commits.map(({ write }) => write));
    results.forEach(({ at, result }, index) => {
      const commit = commits[index];
      if (!result.ok || !commit) return;
      onCommit({ ...commit, at });
      settled += 1;
      if (isGoing(commit)) wentOffline += 1;
    });
    return { at, due: items.length, settled, wentOffline, more };
  };

  const lists = createLists({ calls, policyOf, reap: () => reap(REAP_BATCH) });

  return {
    policyOf,
    read: async (key) => read(await calls.load(key)),
    readMany: async (keys) => (await calls.loadMany(keys)).map(read),
    execute: queue.execute,
    ...createBeat({ calls: createBeatCalls(store, calls), execute: queue.execute, policyOf }),
    ...lists,
    reap,
    reapers: store.reapers ?? 1,
  };
};

const isGoing = ({ before, write }: Pick<OwnCommit, 'before' | 'write'>): boolean =>
  before !== null &&
  before.own.status !== 'offline' &&
  (write.record === null || write.record.own.status === 'offline');
