import { ownLease, roomScope, TENANT_SCOPE, type Command } from '@presence/core';
import { deepEqual, equal, ok } from 'node:assert/strict';
import type { StoreChange } from '../../../stores/store.ts';
import type { Check } from '../check.ts';
import { accepted, keyOf, TENANT, writeOf } from '../writes.ts';
import { ADA, claim, openHttp, openOn, sessionOf, statusOf } from './engine-commands.ts';

/** What a store does for engines that keep the rules, and what becomes of one that does not. */
export const engineChecks: readonly Check[] = [
  {
    name: 'a node that lost its lease takes another at once, and its users come back',
    guarantee: 'L1, S2',
    run: async ({ engine, pass }) => {
      const node = engine('node');
      ok(await node.renew());
      const { generation } = sessionOf(await node.run(ADA, openOn(node, 's')));
      await pass(3000);
      equal(await statusOf(node), 'offline');
      ok(!(await node.renew()), 'lost');
      ok(await node.renew(), 'taken anew, though nobody reaped yet');
      const lease = node.lease;
      const [device, idleMs, openedAt] = [null, null, 0];
      const back: Command = {
        type: 'reattach',
        sessionId: 's',
        generation,
        lease,
        device,
        idleMs,
        openedAt,
      };
      ok((await node.run(ADA, back)).committedAt !== null);
      equal(await statusOf(node), 'online');
    },
  },
  {
    name: 'reader and reaper give a transition one version, however late each is',
    guarantee: 'S3',
    run: async ({ engine, pass }) => {
      const node = engine('node');
      await node.renew();
      const keys = ['ada', 'bob', 'cem'].map((userId) => keyOf(userId));
      await node.run(keys[0]!, openOn(node, 'a'));
      await node.run(keys[1]!, openHttp('b', 1500));
      await node.run(keys[1]!, claim('busy', 700));
      await node.run(keys[2]!, openHttp('c', 60_000));
      await node.run(keys[2]!, claim('dnd', 1600));
      await pass(4000);
      const views = async () =>
        (await node.read(keys)).map(({ record }) => [record?.public, record?.own]);
      const before = await views();
      await pass(3000);
      deepEqual(await views(), before, 'a later reader');
      while ((await node.reap(1, 0.5)) > 0);
      deepEqual(await views(), before, 'the reaper');
      await pass(3000);
      deepEqual(await views(), before, 'and everybody after it');
    },
  },
  {
    name: 'one commit tells every transition that it crossed',
    guarantee: 'S7',
    run: async ({ engine, store, pass, eventually }) => {
      const one = engine('one');
      const changes: StoreChange[] = [];
      await store.subscribe([TENANT], {
        change: (change) => changes.push(change),
        signal: () => undefined,
        gap: () => undefined,
      });
      await one.run(ADA, openHttp('s', 3000));
      await one.run(ADA, claim('busy', 1000));
      await one.run(ADA, claim('dnd', 2000, 'call'));
      await pass(4000);
      await one.run(ADA, openHttp('t', 3000));
      await eventually('four messages', () => changes.length >= 4);
      deepEqual(
        changes.at(-1)?.steps.map(({ cause, status }) => [cause, status]),
        [
          ['claim-ended', 'online'],
          ['lease-ended', 'offline'],
          ['opened', 'online'],
        ],
      );
    },
  },
  {
    name: 'a node with a wrong clock takes nobody offline',
    guarantee: 'S2',
    run: async ({ engine, pass }) => {
      const [right, other] = [engine('right'), engine('other')];
      const key = keyOf('bob');
      await right.run(ADA, openHttp('s', 60_000));
      await right.run(key, openHttp('t', 60_000));
      await right.run(key, claim('busy', 1000));
      await pass(1000);
      await other.reap(10, 0);
      equal(await statusOf(other, key), 'online');
      equal(await statusOf(other), 'online');
      await other.run(ADA, claim('dnd', 60_000));
      equal(await statusOf(right), 'dnd');
    },
  },
  {
    name: 'a user with many sessions is one user',
    guarantee: 'S13',
    run: async ({ engine, pass }) => {
      const node = engine('node');
      await node.renew();
      for (const id of ['a', 'b']) await node.run(ADA, openOn(node, id));
      for (const id of ['c', 'd']) await node.run(ADA, openHttp(id, 2000));
      await node.run(keyOf('bob'), openHttp('e', 60_000));
      equal((await node.count(TENANT, TENANT_SCOPE)).online, 2);
      const seen = await node.list(TENANT, TENANT_SCOPE, ['online'], 1);
      deepEqual(
        seen.map(({ key }) => key.userId),
        ['ada', 'bob'],
      );
      await pass(2000);
      equal((await node.count(TENANT, TENANT_SCOPE)).online, 2, 'on the node still');
      await pass(1000);
      deepEqual(await node.count(TENANT, TENANT_SCOPE), {
        online: 1,
        away: 0,
        busy: 0,
        dnd: 0,
        offline: 1,
      });
    },
  },
  {
    name: 'an engine of another release leaves no entry behind in lists that this one does not know',
    guarantee: 'S13',
    run: async ({ engine, store }) => {
      const one = engine('one');
      await one.run(ADA, openHttp('s', 60_000));
      const { items } = await store.load([ADA]);
      const record = items[0]!.record!;
      const base = record.revision;
      const older = { record: { ...record, revision: base + 1 }, holds: [ownLease('s', 1)] };
      await accepted(store, writeOf('ada', { base, ...older, scopes: ['t', roomScope('old')] }));
      await one.run(ADA, claim('busy', 60_000));
      const left = await store.count({ tenant: TENANT, scope: roomScope('old') });
      deepEqual(Object.values(left.byStatus), [0, 0, 0, 0, 0]);
      equal((await one.list(TENANT, TENANT_SCOPE, ['online'], 5)).length, 0);
    },
  },
];
