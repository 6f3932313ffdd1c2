import type { Clock } from '@presence/core';
import { attempt, chain, type Soon } from '../soon.ts';
import type { PresenceStore } from '../stores/store.ts';
import { DIAGNOSTICS } from './channels.ts';
import type { Tally } from './tally.ts';

type Verb = 'load' | 'commit' | 'renew' | 'due' | 'find' | 'count' | 'subscribe' | 'signal';

/**
 * The same store, with how long each call took and which failed. A store in this process stays as it
 * is: it answers at once, and reading a clock would be a large part of its answer.
 */
export const measuredStore = (
  store: PresenceStore,
  tally: Pick<Tally, 'storeCalls' | 'storeErrors'>,
  clock: Pick<Clock, 'now'>,
): PresenceStore => {
  if (store.isLocal === true) return store;
  const done = (verb: Verb, startedAt: number, failed?: { readonly error: unknown }): void => {
    const tookMs = Math.max(0, clock.now() - startedAt);
    tally.storeCalls.of(verb).observe(tookMs / 1000);
    if (failed) tally.storeErrors.add(verb);
    if (DIAGNOSTICS.store.hasSubscribers) DIAGNOSTICS.store.publish({ verb, tookMs, ...failed });
  };
  const measured =
    <Given extends readonly unknown[], Answer>(
      verb: Verb,
      call: (...given: Given) => Soon<Answer>,
    ) =>
    (...given: Given): Soon<Answer> => {
      const startedAt = clock.now();
      return attempt(
        () =>
          chain(call(...given), (answer) => {
            done(verb, startedAt);
            return answer;
          }),
        (error) => {
          done(verb, startedAt, { error });
          throw error;
        },
      );
    };
  const promised = <Given extends readonly unknown[], Answer>(
    verb: Verb,
    call: (...given: Given) => Promise<Answer>,
  ): ((...given: Given) => Promise<Answer>) => {
    const run = measured(verb, call);
    return async (...given) => run(...given);
  };
  return {
    durability: store.durability,
    ...(store.renewsByRevision !== undefined && { renewsByRevision: store.renewsByRevision }),
    ...(store.reapers !== undefined && { reapers: store.reapers }),
    load: measured('load', (keys) => store.load(keys)),
    renew: measured('renew', (leases, validUntil) => store.renew(leases, validUntil)),
    commit: promised('commit', (writes) => store.commit(writes)),
    due: promised('due', (limit, spread) => store.due(limit, spread)),
    find: promised('find', (query) => store.find(query)),
    count: promised('count', (scope) => store.count(scope)),
    subscribe: promised('subscribe', (topics, on) => store.subscribe(topics, on)),
    signal: promised('signal', (topic, message) => store.signal(topic, message)),
    ...(store.check && { check: () => store.check?.() ?? Promise.resolve() }),
    ...(store.comparePolicy && {
      comparePolicy: (policy) => store.comparePolicy?.(policy) ?? Promise.resolve(null),
    }),
    ...(store.confirm && { confirm: (key) => store.confirm?.(key) ?? Promise.resolve() }),
    close: () => store.close(),
  };
};
