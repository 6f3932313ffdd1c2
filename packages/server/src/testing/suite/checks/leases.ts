import { nodeLease, ownLease } from '@presence/core';
import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Check } from '../check.ts';
import { accepted, commit, expiryOf, holding, keyOf, renews, take, writeOf } from '../writes.ts';

const OWN = ownLease('s', 1);
const NODE = nodeLease('a', 1);

/** Expiry first: what a lease is, is the one rule that a store knows. */
export const leaseChecks: readonly Check[] = [
  {
    name: 'a lease ends at its instant, reaped or not',
    guarantee: 'S1',
    run: async ({ store, clock, pass }) => {
      await accepted(store, writeOf('ada', holding(OWN, 2000)));
      equal(await expiryOf(store, 'ada', OWN), clock.now() + 2000, 'granted for its duration');
      deepEqual((await store.due(10, 0)).items, [], 'not due while it lives');
      await pass(1999);
      ok(await renews(store, { id: OWN, forMs: 1 }), 'alive one millisecond before its end');
      await pass(1);
      ok(!(await renews(store, { id: OWN, forMs: 2000 })), 'ended at its end');
      const { items } = await store.due(10, 0);
      deepEqual(
        items.map(({ key }) => key),
        [keyOf('ada')],
        'due at its end',
      );
    },
  },
  {
    name: 'an ended lease keeps its expiry readable as long as a record holds it',
    guarantee: 'S3',
    run: async ({ store, clock, pass }) => {
      await take(store, NODE, 3000);
      await accepted(store, writeOf('ada', holding(OWN, 2000)), writeOf('bob', { holds: [NODE] }));
      const start = clock.now();
      await pass(60_000);
      equal(await expiryOf(store, 'ada', OWN), start + 2000, 'an own lease');
      equal(await expiryOf(store, 'bob', NODE), start + 3000, 'a shared lease');
    },
  },
  {
    name: 'a renewal extends to the clock and its duration, and never shortens',
    guarantee: 'S2',
    run: async ({ store, clock, pass }) => {
      await take(store, NODE, 3000);
      await accepted(
        store,
        writeOf('ada', { holds: [OWN, NODE], grant: [{ id: OWN, forMs: 5000 }] }),
      );
      const start = clock.now();
      await pass(1000);
      ok(await renews(store, { id: OWN, forMs: 500 }));
      ok(await renews(store, { id: NODE, forMs: 500 }));
      equal(await expiryOf(store, 'ada', OWN), start + 5000, 'not shortened');
      equal(await expiryOf(store, 'ada', NODE), start + 3000, 'not shortened');
      ok(await renews(store, { id: OWN, forMs: 7000 }));
      ok(await renews(store, { id: NODE, forMs: 7000 }));
      equal(await expiryOf(store, 'ada', OWN), start + 8000, 'extended');
      equal(await expiryOf(store, 'ada', NODE), start + 8000, 'extended');
    },
  },
  {
    name: 'a lease that ended is not revived, held or not, with create or without',
    guarantee: 'S2, S3',
    run: async ({ store, clock, pass }) => {
      await take(store, NODE, 3000);
      await accepted(store, writeOf('ada', holding(OWN, 3000)), writeOf('bob', { holds: [NODE] }));
      const end = clock.now() + 3000;
      await pass(4000);
      for (const id of [OWN, NODE]) {
        ok(!(await renews(store, { id, forMs: 9000 })), `${id} is lost`);
        ok(!(await renews(store, { id, forMs: 9000, create: true })), `${id} is lost for ever`);
      }
      equal(await expiryOf(store, 'ada', OWN), end);
      equal(await expiryOf(store, 'bob', NODE), end);
    },
  },
  {
    name: 'a renewal creates shared leases alone, and only when asked to',
    guarantee: 'S12',
    run: async ({ store }) => {
      ok(!(await renews(store, { id: NODE, forMs: 3000 })), 'no shared lease without create');
      ok(!(await renews(store, { id: OWN, forMs: 3000 })), 'no own lease');
      ok(!(await renews(store, { id: OWN, forMs: 3000, create: true })), 'no own lease ever');
      equal((await commit(store, writeOf('ada', { holds: [NODE] }))).ok, false, 'nothing was made');
      await take(store, NODE, 3000);
      await accepted(store, writeOf('ada', { holds: [NODE] }));
    },
  },
  {
    name: 'an own lease dies when its record no longer holds it',
    guarantee: 'S12',
    run: async ({ store }) => {
      await accepted(store, writeOf('ada', holding(OWN, 5000)));
      await accepted(store, writeOf('ada', { base: 1, ...holding(ownLease('s', 2), 5000) }));
      ok(!(await renews(store, { id: OWN, forMs: 5000 })), 'the lease of the former connection');
      ok(await renews(store, { id: ownLease('s', 2), forMs: 5000 }));
      await accepted(store, writeOf('ada', { base: 2, record: null, scopes: [] }));
      ok(!(await renews(store, { id: ownLease('s', 2), forMs: 5000 })), 'deleted with the record');
    },
  },
  {
    name: 'a renewal that names a revision renews nothing of a record with another',
    guarantee: 'S12',
    run: async ({ store, clock, pass }) => {
      // Engines name none to a store that does not say it can.
      if (store.renewsByRevision !== true) return;
      await accepted(store, writeOf('ada', holding(OWN, 3000)), writeOf('bob', {}));
      await pass(1000);
      const asSeen = { id: OWN, forMs: 3000, revision: 1 };
      ok(await renews(store, asSeen), 'as it was seen');
      equal(await expiryOf(store, 'ada', OWN), clock.now() + 3000);
      await pass(1000);
      const before = await expiryOf(store, 'ada', OWN);
      await accepted(store, writeOf('ada', { base: 1, holds: [OWN] }));
      ok(!(await renews(store, asSeen)), 'changed since');
      equal(await expiryOf(store, 'ada', OWN), before, 'nothing was renewed');
      ok(await renews(store, { ...asSeen, revision: 2 }));
      await accepted(store, writeOf('ada', { base: 2, record: null, scopes: [] }));
      ok(!(await renews(store, { ...asSeen, revision: 2 })), 'gone');
    },
  },
  {
    name: 'a renewal that comes too late renews nothing',
    guarantee: 'S2',
    run: async ({ store, clock }) => {
      await take(store, NODE, 3000);
      await accepted(store, writeOf('ada', { holds: [NODE] }));
      const start = clock.now();
      clock.jump(1000);
      const late = await store.renew([{ id: NODE, forMs: 3000 }], clock.now());
      deepEqual(
        late.lost.map(({ id }) => id),
        [NODE],
      );
      equal(await expiryOf(store, 'ada', NODE), start + 3000);
      const inTime = await store.renew([{ id: NODE, forMs: 3000 }], clock.now() + 1);
      deepEqual(inTime.lost, []);
    },
  },
  {
    name: 'a renewal says how many records hold a shared lease',
    guarantee: 'L4',
    run: async ({ store }) => {
      await take(store, NODE, 3000);
      await accepted(
        store,
        writeOf('ada', { holds: [NODE], solo: NODE }),
        writeOf('bob', { holds: [NODE, OWN], grant: [{ id: OWN, forMs: 3000 }] }),
        writeOf('ada', { tenant: 'other', holds: [NODE], solo: NODE }),
      );
      const held = async () =>
        (await store.renew([{ id: NODE, forMs: 3000 }], null)).held.get(NODE);
      equal(await held(), 3);
      await accepted(store, writeOf('ada', { base: 1 }));
      equal(await held(), 2);
      await accepted(store, writeOf('bob', { base: 1, record: null, scopes: [] }));
      equal(await held(), 1);
    },
  },
];
