import { nodeLease, ownLease } from '@presence/core';
import { deepEqual, equal, ok } from 'node:assert/strict';
import { AMNESTY_MS, PULSE_OLD_MS } from '../../../stores/store.ts';
import type { Check } from '../check.ts';
import type { Stage } from '../stage.ts';
import { accepted, commit, expiryOf, holding, renews, take, TENANT, writeOf } from '../writes.ts';

const OWN = ownLease('s', 1);
const NODE = nodeLease('a', 1);
const STOPPED_MS = 300_000;

/** Ada's lease ended before the stop; Bob's and the node's live, and the store stops for five minutes. */
const stopped = async ({ store, clock, pass }: Stage): Promise<void> => {
  await take(store, NODE, 30_000);
  await accepted(store, writeOf('ada', holding(ownLease('gone', 1), 1000)));
  await accepted(store, writeOf('bob', holding(OWN, 20_000)));
  await accepted(store, writeOf('cem', { holds: [NODE], solo: NODE }));
  await accepted(store, writeOf('dia', { deadline: clock.now() + 10_000 }));
  await pass(2000);
  clock.jump(STOPPED_MS);
};

export const amnestyChecks: readonly Check[] = [
  {
    name: 'after a stop, leases that lived at the last pulse live on, for reads and reaping alike',
    guarantee: 'S2',
    run: async (stage) => {
      await stopped(stage);
      const { store, clock } = stage;
      const { items } = await store.due(10, 0);
      deepEqual(items.map(({ key }) => key.userId).sort(), ['ada', 'dia'], 'deadlines do not wait');
      const back = clock.now();
      equal(await expiryOf(store, 'bob', OWN), back + AMNESTY_MS.own);
      equal(await expiryOf(store, 'cem', NODE), back + AMNESTY_MS.shared);
      const { byStatus, overdue } = await store.count({ tenant: TENANT, scope: 't' });
      deepEqual([byStatus.online, byStatus.offline, overdue.length], [2, 0, 2]);
    },
  },
  {
    name: 'after a stop, a renewal that comes before anything else finds its lease',
    guarantee: 'S2',
    run: async (stage) => {
      await stopped(stage);
      const { store } = stage;
      ok(await renews(store, { id: OWN, forMs: 20_000 }));
      ok(await renews(store, { id: NODE, forMs: 30_000 }));
      ok(
        !(await renews(store, { id: ownLease('gone', 1), forMs: 20_000 })),
        'ended before the stop',
      );
    },
  },
  {
    name: 'after a stop, a commit that comes before anything else may hold the lease',
    guarantee: 'S2',
    run: async (stage) => {
      await stopped(stage);
      deepEqual(await commit(stage.store, writeOf('eve', { holds: [NODE] })), { ok: true });
    },
  },
  {
    name: 'the amnesty ends, and what was not renewed ends with it',
    guarantee: 'S1, S2',
    run: async (stage) => {
      await stopped(stage);
      const { store, clock, pass } = stage;
      await store.due(10, 0);
      const back = clock.now();
      await pass(AMNESTY_MS.shared);
      ok(!(await renews(store, { id: NODE, forMs: 30_000 })), 'the node');
      ok(await renews(store, { id: OWN, forMs: 1 }), 'an own lease has longer');
      await pass(AMNESTY_MS.own - AMNESTY_MS.shared);
      ok(!(await renews(store, { id: OWN, forMs: 1 })));
      equal(await expiryOf(store, 'bob', OWN), back + AMNESTY_MS.own);
      equal(await expiryOf(store, 'cem', NODE), back + AMNESTY_MS.shared);
    },
  },
  {
    name: 'a pulse of five seconds is not old',
    guarantee: 'S1',
    run: async ({ store, clock, pass }) => {
      await accepted(store, writeOf('bob', holding(OWN, 3000)));
      const start = clock.now();
      await pass(1000);
      clock.jump(PULSE_OLD_MS);
      equal((await store.due(10, 0)).items.length, 1);
      equal(await expiryOf(store, 'bob', OWN), start + 3000);
      ok(!(await renews(store, { id: OWN, forMs: 3000 })));
    },
  },
  {
    name: 'a second stop pardons again, and what ended between the two stays ended',
    guarantee: 'S2, S3',
    run: async (stage) => {
      await stopped(stage);
      const { store, clock, pass } = stage;
      await pass(AMNESTY_MS.shared + 1000);
      const end = await expiryOf(store, 'cem', NODE);
      clock.jump(STOPPED_MS);
      await store.due(10, 0);
      equal(await expiryOf(store, 'cem', NODE), end);
      equal(await expiryOf(store, 'bob', OWN), clock.now() + AMNESTY_MS.own);
    },
  },
];
