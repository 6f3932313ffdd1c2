import { nodeLease, ownLease } from '@presence/core';
import { deepEqual, equal, ok } from 'node:assert/strict';
import type { PresenceStore, StoreChange, StoreSignal } from '../../../stores/store.ts';
import type { Check } from '../check.ts';
import { accepted, commit, holding, keyOf, recordOf, stepOf, take, writeOf } from '../writes.ts';

const listen = async (store: PresenceStore, topics: readonly string[]) => {
  const changes: StoreChange[] = [];
  const signals: StoreSignal[] = [];
  const gaps: string[] = [];
  const stop = await store.subscribe(topics, {
    change: (change) => changes.push(change),
    signal: (signal) => signals.push(signal),
    gap: (topic) => gaps.push(topic),
  });
  return { changes, signals, gaps, stop };
};

export const messageChecks: readonly Check[] = [
  {
    name: 'each commit is told once, with all that it made true, and numbered without holes',
    guarantee: 'S5, S7',
    run: async ({ store, clock, eventually, flush }) => {
      const { changes, gaps } = await listen(store, ['acme']);
      await take(store, nodeLease('a', 1), 3000);
      const steps = [stepOf(1, clock.now() - 5), stepOf(2, clock.now())];
      await accepted(store, writeOf('ada', { ...holding(ownLease('s', 1), 4000), steps }));
      equal((await commit(store, writeOf('ada'))).ok, false);
      await accepted(store, writeOf('bob'), writeOf('ada', { base: 1 }));
      await accepted(store, writeOf('bob', { base: 1, record: null, scopes: [] }));
      await eventually('four messages', () => changes.length >= 4);
      await flush();
      deepEqual(
        changes.map(({ key, record }) => [key.userId, record?.revision ?? null]),
        [
          ['ada', 1],
          ['bob', 1],
          ['ada', 2],
          ['bob', null],
        ],
      );
      const first = changes[0]!;
      deepEqual(first.record, recordOf('ada', 1));
      deepEqual(first.steps, steps, 'every transition of the write');
      deepEqual([...first.leases], [[ownLease('s', 1), clock.now() + 4000]]);
      equal(first.at, clock.now());
      deepEqual(
        changes.map(({ seq }) => seq - first.seq),
        [0, 1, 2, 3],
      );
      deepEqual(gaps, []);
    },
  },
  {
    name: 'a message comes after what it tells can be read',
    guarantee: 'S7',
    run: async ({ store, eventually }) => {
      const read: Promise<number>[] = [];
      const revisionOf = async (userId: string): Promise<number> =>
        (await store.load([keyOf(userId)])).items[0]?.record?.revision ?? 0;
      await store.subscribe(['acme'], {
        change: ({ key }) => read.push(revisionOf(key.userId)),
        signal: () => undefined,
        gap: () => undefined,
      });
      for (let base = 0; base < 5; base += 1) await accepted(store, writeOf('ada', { base }));
      await eventually('five messages', () => read.length >= 5);
      const revisions = await Promise.all(read);
      ok(revisions.every((revision, index) => revision >= index + 1));
    },
  },
  {
    name: 'a subscriber hears of its topics alone, from when it is live until it stops',
    guarantee: 'S15',
    run: async ({ store, eventually, flush }) => {
      await accepted(store, writeOf('before'));
      const acme = await listen(store, ['acme']);
      const both = await listen(store, ['acme', 'other']);
      await accepted(store, writeOf('ada'), writeOf('bob', { tenant: 'other' }));
      await eventually('both messages', () => both.changes.length >= 2 && acme.changes.length >= 1);
      await acme.stop();
      await accepted(store, writeOf('cem'));
      await eventually('the last message', () => both.changes.length >= 3);
      await flush();
      deepEqual(
        acme.changes.map(({ key }) => key),
        [keyOf('ada')],
      );
      deepEqual(both.changes.map(({ key }) => key.userId).sort(), ['ada', 'bob', 'cem']);
    },
  },
  {
    name: 'a signal reaches every subscriber of its topic, the sender too',
    guarantee: 'L4',
    run: async ({ store, eventually, flush }) => {
      const one = await listen(store, ['acme']);
      const two = await listen(store, ['acme']);
      const other = await listen(store, ['other']);
      const message = { typing: 'ada', room: 'x', nested: [1, null] };
      await store.signal('acme', message);
      await store.signal('nobody', message);
      await eventually('the signal', () => one.signals.length + two.signals.length >= 2);
      await flush();
      deepEqual(one.signals, [{ topic: 'acme', message }]);
      deepEqual(two.signals, one.signals);
      deepEqual([other.signals, one.changes], [[], []]);
    },
  },
];
