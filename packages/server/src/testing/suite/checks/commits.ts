import { nodeLease, ownLease } from '@presence/core';
import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Check } from '../check.ts';
import { accepted, commit, holding, keyOf, recordOf, renews, take, writeOf } from '../writes.ts';

const OWN = ownLease('s', 1);
const NODE = nodeLease('a', 1);

const reasonOf = (committed: Awaited<ReturnType<typeof commit>>): string =>
  committed.ok ? 'accepted' : committed.reason;

export const commitChecks: readonly Check[] = [
  {
    name: 'a commit is compare-and-set by revision, and says what is there instead',
    guarantee: 'S10',
    run: async ({ store }) => {
      await accepted(store, writeOf('ada', holding(OWN, 5000)));
      const second = await commit(store, writeOf('ada'));
      ok(!second.ok && second.reason === 'conflict');
      deepEqual(second.current.record, recordOf('ada', 1));
      deepEqual([...second.current.leases.keys()], [OWN]);
      equal(reasonOf(await commit(store, writeOf('bob', { base: 1 }))), 'conflict');
      await accepted(store, writeOf('ada', { base: 1 }));
      deepEqual((await store.load([keyOf('ada')])).items[0]?.record, recordOf('ada', 2));
    },
  },
  {
    name: 'each write of a batch stands alone',
    guarantee: 'S10',
    run: async ({ store }) => {
      await accepted(store, writeOf('ada'));
      const { results } = await store.commit([writeOf('bob'), writeOf('ada'), writeOf('cem')]);
      deepEqual(
        results.map(({ ok }) => ok),
        [true, false, true],
      );
      const { items } = await store.load(['cem', 'nobody', 'bob'].map((id) => keyOf(id)));
      deepEqual(
        items.map(({ record }) => record?.revision ?? null),
        [1, null, 1],
      );
    },
  },
  {
    name: 'a write is refused at its validUntil, and leaves nothing behind',
    guarantee: 'S3, S4',
    run: async ({ store, clock, pass }) => {
      const validUntil = clock.now() + 1000;
      await pass(999);
      await accepted(store, writeOf('ada', { validUntil }));
      await pass(1);
      equal(reasonOf(await commit(store, writeOf('ada', { base: 1, validUntil }))), 'late');
      const late = writeOf('bob', { validUntil, ...holding(OWN, 5000) });
      equal(reasonOf(await commit(store, late)), 'late');
      equal((await store.load([keyOf('bob')])).items[0]?.record, null);
      ok(!(await renews(store, { id: OWN, forMs: 1 })), 'no lease');
      equal((await store.count({ tenant: 'acme', scope: 't' })).byStatus.online, 1, 'no entry');
    },
  },
  {
    name: 'a shared lease held anew must live; one held already is not asked again',
    guarantee: 'S1',
    run: async ({ store, pass }) => {
      equal(reasonOf(await commit(store, writeOf('ada', { holds: [NODE] }))), 'lease-lost');
      await take(store, NODE, 1000);
      await accepted(store, writeOf('ada', { holds: [NODE] }));
      await pass(1000);
      equal(reasonOf(await commit(store, writeOf('bob', { holds: [NODE] }))), 'lease-lost');
      equal((await store.load([keyOf('bob')])).items[0]?.record, null);
      await accepted(store, writeOf('ada', { base: 1, holds: [NODE] }));
      await accepted(store, writeOf('ada', { base: 2, holds: [NODE], status: 'away' }));
    },
  },
  {
    name: 'a deleted record leaves no trace in lists, holds or deadlines',
    guarantee: 'S20',
    run: async ({ store, clock, pass }) => {
      await take(store, NODE, 30_000);
      const deadline = clock.now() + 1000;
      await accepted(store, writeOf('ada', { holds: [NODE], solo: NODE, deadline }));
      await accepted(store, writeOf('ada', { base: 1, record: null, scopes: [] }));
      await pass(2000);
      deepEqual((await store.due(10, 0)).items, []);
      const { byStatus, overdue } = await store.count({ tenant: 'acme', scope: 't' });
      deepEqual([...Object.values(byStatus), overdue.length], [0, 0, 0, 0, 0, 0]);
      equal((await store.renew([{ id: NODE, forMs: 1 }], null)).held.get(NODE), 0);
      await accepted(store, writeOf('ada'));
    },
  },
  {
    name: 'reads write nothing',
    guarantee: 'S1',
    run: async ({ store, pass }) => {
      await accepted(store, writeOf('ada', holding(OWN, 1000)));
      await pass(2000);
      const read = async () => ({
        load: (await store.load([keyOf('ada')])).items,
        find: (
          await store.find({ tenant: 'acme', scope: 't', status: ['online'], after: '', limit: 5 })
        ).overdue,
        count: (await store.count({ tenant: 'acme', scope: 't' })).overdue,
        due: (await store.due(5, 0)).items,
      });
      const first = await read();
      deepEqual(
        Object.values(first).map((items) => items.length),
        [1, 1, 1, 1],
      );
      deepEqual(first.load[0]?.record, recordOf('ada', 1));
      deepEqual(await read(), first);
    },
  },
];
