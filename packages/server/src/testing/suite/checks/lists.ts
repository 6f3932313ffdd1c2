import { nodeLease, ownLease, TENANT_SCOPE, type Status } from '@presence/core';
import { deepEqual, equal, ok } from 'node:assert/strict';
import {
  OVERDUE_LIMIT,
  type CountAnswer,
  type FindAnswer,
  type PresenceStore,
} from '../../../stores/store.ts';
import type { Check } from '../check.ts';
import { accepted, holding, take, TENANT, writeOf } from '../writes.ts';

const NODE = nodeLease('a', 1);
const ALL: readonly Status[] = ['online', 'away', 'busy', 'dnd', 'offline'];

const find = (
  store: PresenceStore,
  parts: Partial<Parameters<PresenceStore['find']>[0]> = {},
): Promise<FindAnswer> =>
  store.find({ tenant: TENANT, scope: TENANT_SCOPE, status: ALL, after: '', limit: 100, ...parts });

const count = (store: PresenceStore, scope = TENANT_SCOPE): Promise<CountAnswer> =>
  store.count({ tenant: TENANT, scope });

const ids = (items: FindAnswer['items']): string[] => items.map(({ key }) => key.userId);
const counted = ({ byStatus }: CountAnswer): Partial<Record<Status, number>> =>
  Object.fromEntries(Object.entries(byStatus).filter(([, number]) => number !== 0));

export const listChecks: readonly Check[] = [
  {
    name: 'a list is in order of user id by code unit, whatever the characters',
    guarantee: 'S14',
    run: async ({ store }) => {
      const odd = ['a', 'B', 'a|b', 'a b', 'é', 'ﬀ', '𝒜', 'a:', 'a\u0001', '%', '__proto__', '0'];
      for (const userId of odd) await accepted(store, writeOf(userId));
      deepEqual(ids((await find(store)).items), [...odd].sort());
      deepEqual(counted(await count(store)), { online: odd.length });
    },
  },
  {
    name: 'a list holds whom the last commit put there: statuses and scopes move, and leave nothing',
    guarantee: 'S13',
    run: async ({ store }) => {
      await accepted(store, writeOf('ada', { scopes: ['t', 'r:x', 'r:y'] }), writeOf('bob'));
      deepEqual(ids((await find(store, { scope: 'r:x' })).items), ['ada']);
      await accepted(store, writeOf('ada', { base: 1, scopes: ['t', 'r:y'], status: 'busy' }));
      deepEqual(ids((await find(store, { scope: 'r:x' })).items), [], 'left x');
      deepEqual(counted(await count(store, 'r:x')), {});
      deepEqual(ids((await find(store, { scope: 'r:y', status: ['online'] })).items), []);
      deepEqual(ids((await find(store, { scope: 'r:y', status: ['busy', 'dnd'] })).items), ['ada']);
      deepEqual(counted(await count(store)), { online: 1, busy: 1 });
      deepEqual(ids((await find(store, { status: ['busy'] })).items), ['ada']);
      deepEqual(ids((await find(store, { scope: 'r:nobody' })).items), []);
    },
  },
  {
    name: 'what the index cannot judge is given to settle, from the very millisecond on',
    guarantee: 'S1, S13',
    run: async ({ store, clock, pass }) => {
      await accepted(
        store,
        writeOf('ada', holding(ownLease('s', 1), 2000)),
        writeOf('bob', { deadline: clock.now() + 2000 }),
        writeOf('cem', holding(ownLease('t', 1), 9000)),
      );
      await pass(1999);
      deepEqual(counted(await count(store)), { online: 3 });
      await pass(1);
      const page = await find(store, { status: ['online'] });
      deepEqual([ids(page.items), ids(page.overdue).sort()], [['cem'], ['ada', 'bob']]);
      const away = await find(store, { status: ['away'] });
      deepEqual([ids(away.items), ids(away.overdue).sort()], [[], ['ada', 'bob']]);
      const answer = await count(store);
      deepEqual([counted(answer), ids(answer.overdue).sort()], [{ online: 1 }, ['ada', 'bob']]);
      equal(answer.overdue.find(({ key }) => key.userId === 'ada')?.leases.size, 1);
      await accepted(store, writeOf('ada', { base: 1, status: 'offline' }));
      await accepted(store, writeOf('bob', { base: 1, status: 'away' }));
      const settled = await count(store);
      deepEqual([counted(settled), settled.overdue], [{ online: 1, away: 1, offline: 1 }, []]);
    },
  },
  {
    name: 'the users of a dead node count as offline, each once, before anybody reaps',
    guarantee: 'S1, S13',
    run: async ({ store, clock, pass }) => {
      await take(store, NODE, 3000);
      const solo = { holds: [NODE], solo: NODE };
      await accepted(store, writeOf('ada', solo), writeOf('bob', { ...solo, status: 'busy' }));
      await accepted(store, writeOf('cem', { ...solo, deadline: clock.now() + 3000 }));
      await accepted(store, writeOf('dia', { holds: [NODE] }), writeOf('eve'));
      await pass(2999);
      deepEqual(counted(await count(store)), { online: 4, busy: 1 });
      await pass(1);
      const answer = await count(store);
      const total = Object.values(answer.byStatus).reduce((sum, each) => sum + each, 0);
      equal(total + answer.overdue.length, 5, 'each user is counted once');
      equal(answer.byStatus.online, 1, 'eve');
      equal(answer.byStatus.busy, 0);
      ok(ids(answer.overdue).includes('dia'), 'who hangs on more than the node is judged by rules');
      const online = await find(store, { status: ['online', 'busy'] });
      deepEqual(ids(online.items), ['eve']);
      const offline = await find(store, { status: ['offline'] });
      const all = [...ids(offline.items), ...ids(offline.overdue)].sort();
      deepEqual(all, ['ada', 'bob', 'cem', 'dia']);
    },
  },
  {
    name: 'paging gives everybody once: pages of one, filters, and an end that moves on',
    guarantee: 'S14',
    run: async ({ store, pass }) => {
      const statusOf = (index: number): Status => ALL[index % ALL.length]!;
      for (let index = 0; index < 25; index += 1) {
        const parts = index % 6 === 0 ? holding(ownLease(`s${index}`, 1), 1000) : {};
        await accepted(store, writeOf(`u${index}`, { status: statusOf(index), ...parts }));
      }
      await pass(1000);
      for (const limit of [1, 4, 100]) {
        const items: string[] = [];
        const overdue: string[] = [];
        for (let after = '', more = true; more;) {
          const page = await find(store, { status: ['online', 'away'], after, limit });
          ok(page.items.length <= limit);
          ok(!page.more || page.end > after, 'the end moves on');
          for (const id of [...ids(page.items), ...ids(page.overdue)]) {
            ok(id > after && id <= page.end, 'within the page');
          }
          items.push(...ids(page.items));
          overdue.push(...ids(page.overdue));
          ({ end: after, more } = page);
        }
        const ended = [0, 6, 12, 18, 24];
        const wanted = Array.from({ length: 25 }, (_, index) => index)
          .filter((index) => index % 5 < 2 && !ended.includes(index))
          .map((index) => `u${index}`);
        deepEqual(items, wanted.sort());
        deepEqual(overdue.filter((id) => ['u0', 'u6'].includes(id)).sort(), ['u0', 'u6']);
        equal(new Set(overdue).size, overdue.length, 'nobody twice');
      }
    },
  },
  {
    name: 'paging while people come and go skips nobody who stays and repeats nobody',
    guarantee: 'S14',
    run: async ({ store }) => {
      for (const userId of ['b', 'd', 'f', 'h']) await accepted(store, writeOf(userId));
      const first = await find(store, { status: ['online'], limit: 2 });
      deepEqual(ids(first.items), ['b', 'd']);
      await accepted(store, writeOf('b', { base: 1, status: 'away' }));
      const second = await find(store, { status: ['online'], limit: 1, after: first.end });
      deepEqual(ids(second.items), ['f'], 'somebody before the page left');
      await accepted(store, writeOf('a'), writeOf('c'));
      const third = await find(store, { status: ['online'], limit: 9, after: second.end });
      deepEqual(ids(third.items), ['h'], 'somebody before the page came');
      equal(third.more, false);
    },
  },
  {
    name: 'a count tells when too many are overdue to send, and is exact when it does not',
    guarantee: 'S13',
    run: async ({ store, clock, pass }) => {
      const deadline = clock.now() + 1000;
      const users = Array.from({ length: OVERDUE_LIMIT + 1 }, (_, index) => `u${index}`);
      await accepted(store, ...users.map((userId) => writeOf(userId, { deadline })));
      await pass(1000);
      const many = await count(store);
      ok(many.more && many.overdue.length <= OVERDUE_LIMIT);
      let settled = 0;
      let answer = many;
      for (; answer.more; answer = await count(store)) {
        ok(settled < users.length, 'nobody is overdue any more');
        const some = users.slice(settled, settled + 100);
        await accepted(store, ...some.map((userId) => writeOf(userId, { base: 1 })));
        settled += some.length;
      }
      deepEqual([answer.byStatus.online, answer.overdue.length], [settled, users.length - settled]);
      await accepted(
        store,
        ...users.slice(settled, -1).map((userId) => writeOf(userId, { base: 1 })),
      );
      deepEqual(ids((await count(store)).overdue), [users.at(-1)]);
    },
  },
];
