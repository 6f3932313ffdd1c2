import { nodeLease, ownLease } from '@presence/core';
import { deepEqual, equal } from 'node:assert/strict';
import type { Check } from '../check.ts';
import type { Stage } from '../stage.ts';
import { accepted, holding, keyOf, take, TENANT, writeOf } from '../writes.ts';

const NODE = nodeLease('a', 1);
const NEIGHBOURS = ownLease('neighbour', 1);

/** Everything that a tenant can see of itself. */
const output = async ({ store }: Stage): Promise<string> => {
  const seen: unknown[] = [];
  const { items } = await store.load(['ada', 'bob', 'eve'].map((userId) => keyOf(userId)));
  seen.push(items.map(({ leases, ...rest }) => [rest, [...leases]]));
  for (const scope of ['t', 'r:x', 'other']) {
    for (let after = '', more = true; more;) {
      const query = {
        tenant: TENANT,
        scope,
        status: ['online', 'offline'] as const,
        after,
        limit: 1,
      };
      const page = await store.find(query);
      seen.push(
        page.items.map(({ key }) => key),
        page.overdue.map(({ key }) => key),
        page.end,
      );
      ({ end: after, more } = page);
    }
    const { byStatus, overdue } = await store.count({ tenant: TENANT, scope });
    seen.push(
      byStatus,
      overdue.map(({ key }) => key),
    );
  }
  return JSON.stringify(seen);
};

/** What the neighbour does: the same users, scopes and node, and everything that there is to do. */
const neighbour = async ({ store }: Stage, base: number): Promise<void> => {
  const tenant = 'other';
  const solo = { holds: [NODE], solo: NODE, scopes: ['t', 'r:x', TENANT] };
  await accepted(store, writeOf('ada', { tenant, base, ...solo, status: 'busy' }));
  await accepted(store, writeOf('eve', { tenant, base, deadline: 1, scopes: ['t', 'r:x'] }));
  await accepted(store, writeOf('bob', { tenant, ...holding(NEIGHBOURS, 500) }));
  await accepted(store, writeOf('bob', { tenant, base: 1, record: null, scopes: [] }));
  await store.signal(tenant, 'hello');
};

export const tenantChecks: readonly Check[] = [
  {
    name: 'whatever a neighbour does, a tenant sees the same, byte for byte',
    guarantee: 'S15',
    run: async (stage) => {
      const { store, pass, eventually, flush } = stage;
      const heard: unknown[] = [];
      await store.subscribe([TENANT], {
        change: ({ key }) => heard.push(key),
        signal: (signal) => heard.push(signal),
        gap: (topic) => heard.push(topic),
      });
      await take(store, NODE, 3000);
      await accepted(
        store,
        writeOf('ada', { ...holding(ownLease('s', 1), 2000), scopes: ['t', 'r:x'] }),
        writeOf('bob', { holds: [NODE], solo: NODE }),
      );
      const alive = await output(stage);
      await neighbour(stage, 0);
      equal(await output(stage), alive, 'while all live');
      await pass(2500);
      const overdue = await output(stage);
      await neighbour(stage, 1);
      equal(await output(stage), overdue, 'while one is overdue');
      await pass(3000);
      await eventually('own messages', () => heard.length >= 2);
      await flush();
      deepEqual(heard, [keyOf('ada'), keyOf('bob')]);
    },
  },
  {
    name: 'ids that look like each other, or like separators, are different users',
    guarantee: 'S15',
    run: async ({ store }) => {
      const keys = [
        ['a', 'b|c'],
        ['a|b', 'c'],
        ['a:b', 'c'],
        ['a', 'b:c'],
        ['A', 'b:c'],
        ['a', 'B:c'],
        ['a', 'b:c '],
        ['a', 'b:ç'],
        ['a', 'b:c\u0327'],
      ].map(([tenant, userId]) => keyOf(userId!, tenant));
      for (const { tenant, userId } of keys) await accepted(store, writeOf(userId, { tenant }));
      const { items } = await store.load(keys);
      deepEqual(
        items.map(({ key, record }) => [key.tenant, record?.userId]),
        keys.map(({ tenant, userId }) => [tenant, userId]),
      );
      const { byStatus } = await store.count({ tenant: 'a', scope: 't' });
      equal(byStatus.online, 6);
    },
  },
];
