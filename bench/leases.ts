// What the memory store makes of a million leases: a renewal beside a bare look-up in a Map of the same size, bytes for
// each lease beyond its record, reaping beside what is held, and a count when a node has died.
import {
  emptyRecord,
  nodeLease,
  ownLease,
  TENANT_SCOPE,
  type Lease,
  type Write,
} from '@presence/core';
import { createSeededRandom, createVirtualClock } from '@presence/core/testing';
import { memoryStore, type PresenceStore } from '@presence/server';
import { fileURLToPath } from 'node:url';
import { answers, cpuMs, figure, given, machine, median, memory, role, start } from './sides.ts';

const HELD = 1_000_000;
const BATCH = 500;
const ROUNDS = 5;
const LEASE_MS = 120_000;
const TENANT = 'acme';

/** CPU time of this process, so that other programs are not measured along. */
const msOf = async (work: () => Promise<unknown> | void): Promise<number> => {
  const start = cpuMs();
  await work();
  return cpuMs() - start;
};

const writeOf = (user: number, parts: Partial<Write> = {}): Write => {
  const userId = `user-${user}`;
  return {
    key: { tenant: TENANT, userId },
    base: 0,
    validUntil: null,
    record: { ...emptyRecord(userId), revision: 1 },
    holds: [],
    grant: [],
    solo: '',
    deadline: null,
    status: 'online',
    scopes: [TENANT_SCOPE],
    steps: [],
    ...parts,
  };
};

/** As strings from outside are: in one piece, and not the pieces that they were joined from. */
const inOnePiece = (text: string): string => Buffer.from(text, 'latin1').toString('latin1');

const withLease = (user: number, forMs = LEASE_MS): Write => {
  const id = inOnePiece(ownLease(`session-of-21-letters-${user}`, 1));
  return writeOf(user, { holds: [id], grant: [{ id, forMs }] });
};

const numbered = <Item>(count: number, item: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => item(index));

const commitAll = async (store: PresenceStore, writes: readonly Write[]): Promise<void> => {
  for (let from = 0; from < writes.length; from += BATCH) {
    await store.commit(writes.slice(from, from + BATCH));
  }
};

const shuffled = <Item>(items: readonly Item[]): Item[] => {
  const random = createSeededRandom(7);
  const mixed = [...items];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random.next() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other] as Item, mixed[last] as Item];
  }
  return mixed;
};

const batches = <Item>(items: readonly Item[]): Item[][] =>
  numbered(Math.ceil(items.length / BATCH), (n) => items.slice(n * BATCH, (n + 1) * BATCH));

/** Renewals by id, in another order than they were made, beside the least that a table of leases could do. */
const renewals = async (): Promise<void> => {
  const clock = createVirtualClock();
  const store = memoryStore({ clock });
  const writes = numbered(HELD, (user) => withLease(user));
  await commitAll(store, writes);
  const bare = new Map<string, { expiresAt: number }>();
  for (const { holds } of writes) bare.set(holds[0] as string, { expiresAt: clock.now() });
  // Ids as they come from outside: equal strings, and not the very ones that are the keys.
  const order = shuffled(numbered(HELD, (user) => user));
  const asked = batches(order.map((user): Lease => withLease(user).grant[0] as Lease));
  const times: { store: number[]; bare: number[] } = { store: [], bare: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    clock.jump(1000);
    const bareMs = await msOf(() => {
      for (const leases of asked) {
        const at = clock.now();
        for (const { id, forMs } of leases) {
          const lease = bare.get(id);
          if (lease) lease.expiresAt = at + forMs;
        }
      }
    });
    const storeMs = await msOf(async () => {
      for (const leases of asked) {
        const { lost } = await store.renew(leases, clock.now() + 2000);
        if (lost.length > 0) throw new Error('A lease was lost.');
      }
    });
    times.bare.push(bareMs);
    times.store.push(storeMs);
  }
  const perSecond = (ms: number): number => HELD / ms / 1000;
  const ratio = median(times.bare.map((ms, round) => ms / (times.store[round] as number)));
  figure('bare Map look-up and write', perSecond(median(times.bare)), 'million/s');
  figure('renewal by id, in batches of 500', perSecond(median(times.store)), 'million/s');
  figure('renewal beside the bare look-up', ratio, '×', 'at least 0.5');
};

/** In a process of its own: nothing of another side is collected meanwhile. */
const bytesFor = async (): Promise<number> => {
  const writes = numbered(HELD, (user) =>
    given['leases'] === 1 ? withLease(user) : writeOf(user),
  );
  const store = memoryStore({ clock: createVirtualClock() });
  const before = await memory();
  await commitAll(store, writes);
  const after = await memory();
  const { byStatus } = await store.count({ tenant: TENANT, scope: TENANT_SCOPE });
  if (byStatus.online !== writes.length) throw new Error('Not all are stored.');
  return (after.heap - before.heap) / writes.length;
};

const memoryOfLeases = async (): Promise<void> => {
  const bytes: number[] = [];
  for (const leases of [0, 1]) {
    const side = start(fileURLToPath(import.meta.url), 'bytes', { leases });
    bytes.push(await side.ask<number>('bytes'));
    await side.stop();
  }
  const [without = 0, held = 0] = bytes;
  figure('a stored user without a lease, beside the record', without, 'bytes');
  figure('a lease, beyond that', held - without, 'bytes', 'at most 100');
};

const DUE = 10_000;

/** Milliseconds to find and commit what is due, while so many other leases live. */
const reapingMs = async (held: number): Promise<number> => {
  const clock = createVirtualClock();
  const store = memoryStore({ clock });
  await commitAll(
    store,
    numbered(held, (user) => withLease(DUE + user)),
  );
  await commitAll(
    store,
    numbered(DUE, (user) => withLease(user, 3000)),
  );
  for (let second = 0; second < 3; second += 1) {
    clock.jump(1000);
    await store.due(0, 0);
  }
  let reaped = 0;
  const ms = await msOf(async () => {
    for (let more = true; more;) {
      const answer = await store.due(100, 0.5);
      await store.commit(
        answer.items.map(({ key }) => ({
          ...writeOf(0, { base: 1, status: 'offline' }),
          key,
        })),
      );
      reaped += answer.items.length;
      ({ more } = answer);
    }
  });
  if (reaped !== DUE) throw new Error(`${reaped} of ${DUE} were due.`);
  return ms;
};

const reaping = async (): Promise<void> => {
  const few: number[] = [];
  const many: number[] = [];
  await reapingMs(DUE);
  for (let round = 0; round < 3; round += 1) few.push(await reapingMs(DUE));
  many.push(await reapingMs(HELD));
  figure(`reaping ${DUE} leases of 20,000`, median(few), 'ms');
  figure(`reaping ${DUE} leases of 1,010,000`, median(many), 'ms');
  figure('with fifty times as many held', median(many) / median(few), '×', '1: as what is due');
};

const deadNode = async (): Promise<void> => {
  const users = 100_000;
  const clock = createVirtualClock();
  const store = memoryStore({ clock });
  const node = nodeLease('a', 1);
  const writes = numbered(users, (user) => writeOf(user, { holds: [node], solo: node }));
  await store.renew([{ id: node, forMs: 1000, create: true }], null);
  await commitAll(store, writes);
  clock.jump(1000);
  const countMs: number[] = [];
  const readMs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    readMs.push(await msOf(async () => store.load(writes.map(({ key }) => key))));
    countMs.push(
      await msOf(async () => {
        const { byStatus } = await store.count({ tenant: TENANT, scope: TENANT_SCOPE });
        if (byStatus.offline !== users) throw new Error('The count is not exact.');
      }),
    );
  }
  figure('reading 100,000 users of a dead node', median(readMs), 'ms');
  figure('counting them, exactly, before anybody reaped', median(countMs), 'ms');
};

if (role === 'bytes') {
  answers({ bytes: bytesFor });
} else {
  console.log(`The memory store with ${HELD.toLocaleString('en')} leases. ${machine()}`);
  await memoryOfLeases();
  await renewals();
  await reaping();
  await deadNode();
}
