import { nodeLease, ownLease } from '@presence/core';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  connect,
  missingSql,
  prepare,
  sqlParts,
  type DatabaseName,
  type Isolation,
  type Prepared,
} from '../../../test-fixtures/sql.ts';
import { accepted, holding, keyOf, take, writeOf } from '../../testing/suite/writes.ts';
import { createSqlStore } from './create-store.ts';
import type { Db } from './dialect.ts';

/** Each as it is by itself, and as strict as an application may have set its pool. */
const DATABASES: readonly (readonly [DatabaseName, Isolation])[] = [
  ['postgres', 'read committed'],
  ['postgres', 'serializable'],
  ['mariadb', 'repeatable read'],
  ['mariadb', 'serializable'],
];

const untilPassed = async (db: Db, now: () => unknown, instant: number): Promise<void> => {
  for (;;) {
    const { rows } = await sql<{ now: unknown }>`select ${now()} as now`.execute(db);
    if (Number(rows[0]!.now) > instant) return;
  }
};

/** Real clocks and real locks: what no history on virtual time can show. */
describe.each(DATABASES)('several nodes on %s, %s', (name, isolation) => {
  describe.skipIf(missingSql(name))('at once', () => {
    let prepared: Prepared;
    let other: Db;
    beforeAll(async () => {
      prepared = await prepare(name, undefined, isolation);
      other = connect(name, undefined, isolation);
    });
    afterAll(async () => {
      await other.destroy();
      await prepared.dispose();
    });
    const open = (db: Db = prepared.db) => createSqlStore(sqlParts({ ...prepared, db }), 50);

    it('S2: a reader waits for a renewal under way, and does not show an end that never was', async () => {
      const [store, parts] = [open(), sqlParts(prepared)];
      await store.due(0, 0);
      const lease = ownLease('waited', 1);
      await accepted(store, writeOf('waited', holding(lease, 300)));
      const end = (await store.load([keyOf('waited')])).items[0]!.leases.get(lease)!;
      let read: Promise<Awaited<ReturnType<typeof store.load>>> | undefined;
      // A renewal that read the clock in time, and becomes visible after the end.
      await parts.dialect.transaction(other, async (tx) => {
        await sql`update ${parts.tables.lease.name} set expires_at = ${end + 60_000}
          where id = ${lease}`.execute(tx);
        await untilPassed(other, parts.now, end);
        read = Promise.resolve(store.load([keyOf('waited')]));
        await untilPassed(other, parts.now, end + 200);
      });
      expect((await read!).items[0]!.leases.get(lease)).toBe(end + 60_000);
      await store.close();
    });

    it('S2: a renewal waits for a reader who shows the end', async () => {
      const [store, parts] = [open(), sqlParts(prepared)];
      await store.due(0, 0);
      const lease = ownLease('shown', 1);
      await accepted(store, writeOf('shown', holding(lease, 300)));
      const end = (await store.load([keyOf('shown')])).items[0]!.leases.get(lease)!;
      let renewed: ReturnType<typeof store.renew> | undefined;
      await parts.dialect.transaction(other, async (tx) => {
        await sql`select 1 from ${parts.tables.lease.name} where id = ${lease}
          ${parts.dialect.forShare}`.execute(tx);
        renewed = store.renew([{ id: lease, forMs: 60_000 }], null);
        await untilPassed(other, parts.now, end);
      });
      expect((await renewed!).lost).toEqual([{ id: lease }]);
      await store.close();
    });

    it('S5: a commit that waits for others until its validUntil has passed is late, and leaves nothing', async () => {
      const [store, parts] = [open(), sqlParts(prepared)];
      await store.due(0, 0);
      await accepted(store, writeOf('first', { tenant: 'waits' }));
      const { at } = await store.load([keyOf('first', 'waits')]);
      const validUntil = at + 150;
      let answer: ReturnType<typeof store.commit> | undefined;
      // The counter of the feed is the last thing that a commit waits for.
      await parts.dialect.transaction(other, async (tx) => {
        await sql`select seq from ${parts.tables.feed.name} where tenant = 'waits'
          ${parts.dialect.forUpdate}`.execute(tx);
        answer = store.commit([writeOf('second', { tenant: 'waits', validUntil })]);
        await untilPassed(other, parts.now, validUntil);
      });
      const { results } = await answer!;
      expect(results[0]).toMatchObject({ ok: false, reason: 'late', current: { record: null } });
      expect((await store.load([keyOf('second', 'waits')])).items[0]!.record).toBeNull();
      await store.close();
    });

    it('S10: of commits of one revision one is accepted, and none is half written', async () => {
      const [one, two] = [open(), open(other)];
      const node = nodeLease('both', 1);
      await one.due(0, 0);
      await take(one, node, 60_000);
      for (let base = 0; base < 20; base += 1) {
        const write = (store: typeof one, own: string) =>
          store.commit([
            writeOf('contended', {
              base,
              holds: [node, ownLease(own, base)],
              solo: node,
              grant: [{ id: ownLease(own, base), forMs: 60_000 }],
              status: base % 2 ? 'busy' : 'online',
            }),
          ]);
        const answers = await Promise.all([write(one, 'a'), write(two, 'b')]);
        const oks = answers.filter(({ results }) => results[0]!.ok);
        expect(oks).toHaveLength(1);
        const { items } = await one.load([keyOf('contended')]);
        expect([items[0]!.record?.revision, items[0]!.leases.size]).toEqual([base + 1, 2]);
        const { byStatus } = await one.count({ tenant: 'acme', scope: 't' });
        expect(byStatus.online + byStatus.busy + byStatus.offline).toBeGreaterThan(0);
      }
      const { rows } = await sql<{ number: unknown }>`select count(*) as number
        from ${sqlParts(prepared).tables.scope.name} where user_id = 'contended'`.execute(other);
      expect(Number(rows[0]!.number)).toBe(1);
      await Promise.all([one.close(), two.close()]);
    });

    it('S2: renewals of the same leases at once are all made, and none is reported lost', async () => {
      const [one, two] = [open(), open(other)];
      await one.due(0, 0);
      const node = nodeLease('renewed', 1);
      await take(one, node, 60_000);
      const leases = Array.from({ length: 20 }, (_, each) => ownLease(`renewed-${each}`, 1));
      await accepted(one, ...leases.map((id) => writeOf(id, holding(id, 60_000))));
      const renewing = Array.from({ length: 20 }, async (_, round) =>
        (round % 2 ? one : two).renew(
          [...leases, node].map((id) => ({ id, forMs: 60_000 + round * 10 })),
          null,
        ),
      );
      const answers = await Promise.all(renewing);
      expect(answers.flatMap(({ lost }) => lost)).toEqual([]);
      await Promise.all([one.close(), two.close()]);
    });

    it('S7: nobody who listens misses a commit of many that are made at once', async () => {
      const stores = [open(), open(other), open()];
      const [listener] = [open(other)];
      const heard: string[] = [];
      const gaps: string[] = [];
      await stores[0]!.due(0, 0);
      await listener.subscribe(['feed'], {
        change: ({ key }) => heard.push(key.userId),
        signal: () => undefined,
        gap: (topic) => gaps.push(topic),
      });
      const users = Array.from({ length: 150 }, (_, index) => `user-${index}`);
      await Promise.all(
        users.map((userId, index) =>
          accepted(stores[index % 3]!, writeOf(userId, { tenant: 'feed' })),
        ),
      );
      for (let wait = 0; wait < 2000 && heard.length < users.length; wait += 1) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      expect(heard.toSorted()).toEqual(users.toSorted());
      expect(gaps).toEqual([]);
      await Promise.all([...stores, listener].map((store) => store.close()));
    });

    it('S3: reapers that meet the same records leave each with one version', async () => {
      const stores = [open(), open(other), open()];
      await stores[0]!.due(0, 0);
      const deadline = Date.now() - 1000;
      const users = Array.from({ length: 60 }, (_, index) => `due-${index}`);
      await accepted(stores[0]!, ...users.map((userId) => writeOf(userId, { deadline })));
      const reap = async (store: (typeof stores)[number]): Promise<void> => {
        for (let rounds = 0, more = true; more; rounds += 1) {
          const { items } = await store.due(20, (rounds * 0.37) % 1);
          // Who was committed between being found and being read has nothing left to settle.
          const mine = items.filter(
            ({ key, record }) => key.userId.startsWith('due-') && record?.revision === 1,
          );
          const writes = mine.map(({ key }) => writeOf(key.userId, { base: 1 }));
          await store.commit(writes);
          more = mine.length > 0;
        }
      };
      await Promise.all(stores.map(reap));
      const { items } = await stores[0]!.load(users.map((userId) => keyOf(userId)));
      expect(items.map(({ record }) => record?.revision)).toEqual(users.map(() => 2));
      await Promise.all(stores.map((store) => store.close()));
    });
  });
});
