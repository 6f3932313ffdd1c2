import { nodeLease, ownLease } from '@presence/core';
import { deepEqual, equal, notDeepEqual, ok } from 'node:assert/strict';
import type { Check } from '../check.ts';
import { accepted, commit, holding, take, writeOf } from '../writes.ts';

const NODE = nodeLease('a', 1);
const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `user-${String(index).padStart(3, '0')}`);

const idsOf = (items: readonly { readonly key: { readonly userId: string } }[]): string[] =>
  items.map(({ key }) => key.userId).sort();

export const dueChecks: readonly Check[] = [
  {
    name: 'a record is due at its deadline, until a commit moves the deadline on',
    guarantee: 'S8, L1',
    run: async ({ store, clock, pass }) => {
      await accepted(store, writeOf('ada', { deadline: clock.now() + 2000 }));
      await pass(1999);
      deepEqual((await store.due(10, 0)).items, []);
      await pass(1);
      deepEqual(idsOf((await store.due(10, 0)).items), ['ada']);
      await accepted(store, writeOf('ada', { base: 1, deadline: clock.now() + 1000 }));
      deepEqual((await store.due(10, 0)).items, []);
      await accepted(store, writeOf('ada', { base: 2, deadline: clock.now() + 500 }));
      await pass(500);
      deepEqual(idsOf((await store.due(10, 0)).items), ['ada'], 'moved to earlier');
      await accepted(store, writeOf('ada', { base: 3, deadline: clock.now() + 9000 }));
      await accepted(store, writeOf('ada', { base: 4, deadline: null }));
      await pass(20_000);
      deepEqual((await store.due(10, 0)).items, [], 'taken away');
    },
  },
  {
    name: 'every holder of an ended lease is due, once, page by page',
    guarantee: 'L1, L6',
    run: async ({ store, pass }) => {
      await take(store, NODE, 3000);
      for (const userId of numbered(20)) {
        await accepted(store, writeOf(userId, { holds: [NODE], solo: NODE }));
      }
      const both = {
        holds: [NODE, ownLease('s', 1)],
        grant: [{ id: ownLease('s', 1), forMs: 1000 }],
      };
      await accepted(store, writeOf('both', both));
      await accepted(store, writeOf('http', holding(ownLease('t', 1), 3000)));
      await accepted(store, writeOf('alive', holding(ownLease('u', 1), 60_000)));
      await pass(3000);
      const all = await store.due(100, 0);
      deepEqual(idsOf(all.items), ['both', 'http', ...numbered(20)]);
      equal(all.more, false);
      const seen: string[] = [];
      for (let round = 0; round < 30; round += 1) {
        const { items, more } = await store.due(3, round / 30);
        ok(items.length <= 3);
        equal(more, seen.length + items.length < 22);
        seen.push(...idsOf(items));
        for (const { key } of items) await accepted(store, writeOf(key.userId, { base: 1 }));
        if (!more) break;
      }
      deepEqual(seen.sort(), ['both', 'http', ...numbered(20)]);
    },
  },
  {
    name: 'reapers that ask with another spread meet other records',
    guarantee: 'L6',
    run: async ({ store, clock, pass }) => {
      const deadline = clock.now() + 1000;
      await accepted(store, ...numbered(100).map((userId) => writeOf(userId, { deadline })));
      await pass(1000);
      const pages = await Promise.all([0, 0.5].map((spread) => store.due(10, spread)));
      deepEqual(
        pages.map(({ items, more }) => [items.length, more]),
        [
          [10, true],
          [10, true],
        ],
      );
      notDeepEqual(idsOf(pages[0]!.items), idsOf(pages[1]!.items));
      equal((await store.due(100, 0.99)).items.length, 100, 'around the end');
    },
  },
  {
    name: 'nextAt is never later than the next thing that is due',
    guarantee: 'L1',
    run: async ({ store, clock, pass }) => {
      equal((await store.due(10, 0)).nextAt, null);
      await accepted(store, writeOf('ada', { deadline: clock.now() + 2500 }));
      const { nextAt } = await store.due(10, 0);
      ok(nextAt !== null && nextAt <= clock.now() + 2500);
      await pass(60_000);
      equal((await store.due(10, 0)).items.length, 1);
    },
  },
  {
    name: 'far deadlines and long leases are met as exactly as near ones',
    guarantee: 'S1',
    run: async ({ store, clock, pass }) => {
      const DAY = 86_400_000;
      const start = clock.now();
      await accepted(
        store,
        writeOf('month', { deadline: start + 30 * DAY }),
        writeOf('hour', holding(ownLease('s', 1), 3_600_000)),
      );
      await pass(3_599_999);
      deepEqual((await store.due(10, 0)).items, []);
      await pass(1);
      deepEqual(idsOf((await store.due(10, 0)).items), ['hour']);
      await accepted(store, writeOf('hour', { base: 1, record: null, scopes: [] }));
      clock.jump(start + 30 * DAY - 1 - clock.now());
      deepEqual((await store.due(10, 0)).items, []);
      clock.jump(1);
      deepEqual(idsOf((await store.due(10, 0)).items), ['month']);
      equal((await commit(store, writeOf('month', { base: 1 }))).ok, true);
    },
  },
];
