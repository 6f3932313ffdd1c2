import type { Instant, Key, Lease } from '@presence/core';
import { attempt, chain, type Soon } from '../soon.ts';
import type { LoadAnswer, PresenceStore } from '../stores/store.ts';
import { unavailable, type LoadedAt, type StoreCalls } from './store-calls.ts';
import type { Standing } from './types.ts';

/** A heartbeat's verbs: with an answer that is there already where the store has it. */
export interface BeatCalls {
  load(key: Key): Soon<LoadedAt>;
  /** Whether the lease lives on. */
  renew(renewal: { readonly lease: Lease; readonly validUntil: Instant }): Soon<boolean>;
  /** Absent: the store cannot tell whether something changed. */
  again?(standing: Standing): Soon<Instant | null>;
}

const failed = (error: unknown): never => {
  throw unavailable(error);
};

const single = ({ at, items }: LoadAnswer): LoadedAt => ({ at, loaded: items[0]! });

/**
 * A store in this process is asked at once, and answers at once: gathering what one turn asks for
 * costs more than the calls that it saves.
 */
const createLocalCalls = (store: PresenceStore): BeatCalls => ({
  load: (key) =>
    attempt(
      () =>
        chain(store.load([key]), (answer) =>
          answer.pulseOld
            ? store.due(1, 0).then(async () => single(await store.load([key])))
            : single(answer),
        ),
      failed,
    ),
  renew: ({ lease, validUntil }) =>
    attempt(() => chain(store.renew([lease], validUntil), ({ lost }) => lost.length === 0), failed),
  ...(store.renewsByRevision === true && {
    again: ({ renewal, until }) =>
      attempt<Instant | null>(
        () => chain(store.renew(renewal, until), ({ at, lost }) => (lost.length === 0 ? at : null)),
        failed,
      ),
  }),
});

/** Any other store is asked for what many beats need together. */
export const createBeatCalls = (store: PresenceStore, calls: StoreCalls): BeatCalls =>
  store.isLocal === true ? createLocalCalls(store) : calls;
