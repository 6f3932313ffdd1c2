import { isMember, metasIn, roomScope, TENANT_SCOPE, type Command } from '@presence/core';
import { deepEqual, equal, ok } from 'node:assert/strict';
import type { StoreChange } from '../../../stores/store.ts';
import type { Check } from '../check.ts';
import type { TestEngine } from '../test-engine.ts';
import { keyOf, TENANT } from '../writes.ts';
import { ADA, openHttp, openOn, statusOf } from './engine-commands.ts';

const join = (sessionId: string, room: string, meta: string | null = null): Command => ({
  type: 'join-room',
  sessionId,
  room,
  meta,
});

const leave = (sessionId: string, room: string): Command => ({
  type: 'leave-room',
  sessionId,
  room,
});

const PRESENT = ['online', 'away', 'busy', 'dnd'] as const;

const membersOf = async (
  engine: TestEngine,
  room: string,
  tenant = TENANT,
): Promise<readonly string[]> =>
  (await engine.list(tenant, roomScope(room), PRESENT, 2)).map(({ key }) => key.userId);

const countOf = async (engine: TestEngine, room: string, tenant = TENANT): Promise<number> => {
  const counts = await engine.count(tenant, roomScope(room));
  return PRESENT.reduce((sum, status) => sum + counts[status], 0);
};

/** Rooms are lists that users enter and leave, and that sessions take them out of. */
export const roomChecks: readonly Check[] = [
  {
    name: 'members are listed by page and counted, each once however many sessions they have',
    guarantee: 'S13',
    run: async ({ engine }) => {
      const node = engine('node');
      await node.renew();
      for (const userId of ['ada', 'bob', 'cem', 'dee']) {
        await node.run(keyOf(userId), openOn(node, `${userId}-1`));
        await node.run(keyOf(userId), openHttp(`${userId}-2`, 60_000));
        await node.run(keyOf(userId), join(`${userId}-1`, 'kitchen'));
      }
      await node.run(ADA, join('ada-2', 'kitchen', '{"page":2}'));
      await node.run(ADA, join('ada-2', 'cellar'));
      deepEqual(await membersOf(node, 'kitchen'), ['ada', 'bob', 'cem', 'dee']);
      equal(await countOf(node, 'kitchen'), 4);
      deepEqual(await membersOf(node, 'cellar'), ['ada']);
      await node.run(ADA, leave('ada-1', 'kitchen'));
      equal(await countOf(node, 'kitchen'), 4, 'with another session still');
      const { record } = (await node.read([ADA]))[0]!;
      deepEqual(metasIn(record!, 'kitchen'), ['{"page":2}']);
      await node.run(ADA, leave('ada-2', 'kitchen'));
      deepEqual(await membersOf(node, 'kitchen'), ['bob', 'cem', 'dee']);
      equal(await countOf(node, 'kitchen'), 3);
      equal((await node.count(TENANT, TENANT_SCOPE)).online, 4);
    },
  },
  {
    name: 'a session that ends leaves its rooms at that instant, reaped or not',
    guarantee: 'S1, S13',
    run: async ({ engine, pass }) => {
      const node = engine('node');
      await node.renew();
      await node.run(ADA, openHttp('long', 60_000));
      await node.run(ADA, openHttp('short', 1500));
      await node.run(ADA, join('short', 'kitchen'));
      await node.run(ADA, join('long', 'cellar'));
      await node.run(keyOf('bob'), openOn(node, 'b'));
      await node.run(keyOf('bob'), join('b', 'kitchen'));
      deepEqual(await membersOf(node, 'kitchen'), ['ada', 'bob']);
      await pass(2000);
      deepEqual(await membersOf(node, 'kitchen'), ['bob'], 'before anybody reaped');
      equal(await countOf(node, 'kitchen'), 1);
      deepEqual(await membersOf(node, 'cellar'), ['ada']);
      equal(await statusOf(node), 'online');
      await pass(2000);
      equal(await countOf(node, 'kitchen'), 0, 'nor whose node died');
      while ((await node.reap(10, 0)) > 0);
      deepEqual(await membersOf(node, 'kitchen'), []);
      equal(await countOf(node, 'cellar'), 1);
    },
  },
  {
    name: 'whoever hides is in no room',
    guarantee: 'S17',
    run: async ({ engine }) => {
      const one = engine('one');
      await one.run(ADA, openHttp('s', 60_000));
      await one.run(ADA, join('s', 'kitchen'));
      await one.run(ADA, { type: 'visibility', visibility: 'hidden' });
      deepEqual(await membersOf(one, 'kitchen'), []);
      equal(await countOf(one, 'kitchen'), 0);
      await one.run(ADA, join('s', 'cellar'));
      equal(await countOf(one, 'cellar'), 0);
      await one.run(ADA, { type: 'visibility', visibility: 'visible' });
      deepEqual(await membersOf(one, 'kitchen'), ['ada']);
      deepEqual(await membersOf(one, 'cellar'), ['ada']);
    },
  },
  {
    name: 'rooms of one name in two tenants are two, whatever the name holds',
    guarantee: 'S15',
    run: async ({ engine }) => {
      const one = engine('one');
      const odd = ['r:1', '{}*|\u00e9', '%_', 'A', 'a', 'x'.repeat(128), '\u{1f600}'];
      const away = keyOf('ada', 'other');
      await one.run(ADA, openHttp('s', 60_000));
      await one.run(away, openHttp('t', 60_000));
      for (const room of odd) {
        await one.run(ADA, join('s', room));
        deepEqual(await membersOf(one, room), ['ada'], room);
        equal(await countOf(one, room, 'other'), 0, room);
      }
      await one.run(away, join('t', 'a'));
      await one.run(ADA, leave('s', 'a'));
      equal(await countOf(one, 'a', 'other'), 1);
      equal(await countOf(one, 'a'), 0);
      equal(await countOf(one, 'A'), 1);
    },
  },
  {
    name: 'whoever joins or leaves is told of with the record',
    guarantee: 'S7',
    run: async ({ engine, store, eventually }) => {
      const one = engine('one');
      const changes: StoreChange[] = [];
      await store.subscribe([TENANT], {
        change: (change) => changes.push(change),
        signal: () => undefined,
        gap: () => undefined,
      });
      await one.run(ADA, openHttp('s', 60_000));
      ok((await one.run(ADA, join('s', 'kitchen'))).committedAt !== null);
      await one.run(ADA, leave('s', 'kitchen'));
      await eventually('three messages', () => changes.length === 3);
      deepEqual(
        changes.map(({ record }) => isMember(record, 'kitchen')),
        [false, true, false],
      );
    },
  },
];
