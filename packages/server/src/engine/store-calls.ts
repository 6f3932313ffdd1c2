import {
  PresenceError,
  type Instant,
  type Key,
  type Lease,
  type Loaded,
  type Write,
} from '@presence/core';
import type { Soon } from '../soon.ts';
import { inPieces } from '../stores/shared/pieces.ts';
import type { Committed, PresenceStore } from '../stores/store.ts';
import { batched, type Batched } from '../stores/shared/batched.ts';

/** One user as the store gave it, with the instant of that load. */
export interface LoadedAt {
  readonly at: Instant;
  readonly loaded: Loaded;
}

export interface CommittedAt<Result extends Committed = Committed> {
  readonly at: Instant;
  readonly result: Result;
}

/** The store's hot verbs, batched, with its failures as `store_unavailable`. */
export interface StoreCalls {
  readonly load: Batched<Key, LoadedAt>;
  /** Many at once, in order, without a promise for each. */
  loadMany(keys: readonly Key[]): Promise<readonly LoadedAt[]>;
  readonly commit: Batched<Write, CommittedAt>;
  /** Many at once, in order; the store says how many of them travel together. */
  commitMany(writes: readonly Write[]): Promise<readonly CommittedAt[]>;
  /** Whether the lease lives on. */
  readonly renew: Batched<{ readonly lease: Lease; readonly validUntil: Instant }, boolean>;
  /** Resolves when what is declared of the user is as durable as the store promises. */
  confirm(key: Key): Promise<void>;
  /** Any other verb, with the same failures. */
  ask<Answer>(call: (store: PresenceStore) => Soon<Answer>): Promise<Answer>;
  /** A read that writes the pulse and asks again when nobody did lately. */
  fresh<Answer extends { readonly pulseOld?: boolean }>(
    call: (store: PresenceStore) => Soon<Answer>,
  ): Promise<Answer>;
}

/** Larger batches make other readers of the store wait: 6 ms at the median with 100, 42 ms with 500 writes. */
const MOST = Object.freeze({ load: 500, commit: 100, renew: 500 });

/** So many keys are worth a call of their own; fewer go with whatever else the turn asks for. */
const OWN_CALL = 50;

/** Clients may try again after this long when the store does not answer. */
const RETRY_AFTER_MS = 2000;

/** A store's failure as callers may know it. */
export const unavailable = (cause: unknown): PresenceError =>
  cause instanceof PresenceError
    ? cause
    : new PresenceError(
        'store_unavailable',
        'Presence is not available at the moment. Try again later.',
        {
          cause,
          retryAfterMs: RETRY_AFTER_MS,
        },
      );

/** Loads of one user, gathered, and of many. */
const createLoads = (
  loadNow: (keys: readonly Key[]) => Promise<readonly LoadedAt[]>,
): Pick<StoreCalls, 'load' | 'loadMany'> => {
  const load = batched(MOST.load, loadNow);
  return {
    load,
    loadMany: async (keys) => {
      if (keys.length < OWN_CALL) return Promise.all(keys.map(load));
      return (await Promise.all(inPieces(keys, MOST.load).map(loadNow))).flat();
    },
  };
};

/** @param onEpoch told of each load's epoch, before anybody sees what was loaded */
export const createStoreCalls = (
  store: PresenceStore,
  onEpoch: (epoch: string) => void = () => undefined,
): StoreCalls => {
  const ask = async <Answer>(call: (store: PresenceStore) => Soon<Answer>): Promise<Answer> => {
    try {
      return await call(store);
    } catch (error) {
      throw unavailable(error);
    }
  };

  const fresh = async <Answer extends { readonly pulseOld?: boolean }>(
    call: (store: PresenceStore) => Soon<Answer>,
  ): Promise<Answer> => {
    try {
      const answer = await call(store);
      if (!answer.pulseOld) return answer;
      await store.due(1, 0);
      return await call(store);
    } catch (error) {
      throw unavailable(error);
    }
  };

  const commitNow = async (writes: readonly Write[]): Promise<readonly CommittedAt[]> => {
    const { at, results, instants } = await ask((asked) => asked.commit(writes));
    return results.map((result, index) => ({ at: instants?.[index] ?? at, result }));
  };
  const committing = () => batched(MOST.commit, commitNow);
  // Apart: what is declared may have to wait for a second database, and fail with it.
  const [commit, commitDeclared] = [committing(), committing()];
  const commitOne: StoreCalls['commit'] = (write) =>
    write.isDeclared ? commitDeclared(write) : commit(write);

  const loads = createLoads(async (keys) => {
    const { at, epoch, items, instants } = await fresh((asked) => asked.load(keys));
    onEpoch(epoch);
    return items.map((loaded, index) => ({ at: instants?.[index] ?? at, loaded }));
  });

  return {
    ask,
    fresh,
    confirm: (key) => ask((asked) => asked.confirm?.(key)),
    ...loads,
    commit: commitOne,
    commitMany: async (writes) => {
      if (writes.length === 0) return [];
      const isAnyDeclared = writes.some(({ isDeclared }) => isDeclared);
      return isAnyDeclared ? Promise.all(writes.map(commitOne)) : commitNow(writes);
    },
    renew: batched(MOST.renew, async (renewals) => {
      const validUntil = Math.min(...renewals.map((renewal) => renewal.validUntil));
      const leases = renewals.map(({ lease }) => lease);
      const { lost } = await ask((asked) => asked.renew(leases, validUntil));
      if (lost.length === 0) return renewals.map(() => true);
      const gone = new Set(lost.map(({ id }) => id));
      return renewals.map(({ lease }) => !gone.has(lease.id));
    }),
  };
};
