import * as fc from 'fast-check';
import type { CompactRow, Presence, Status } from '@presence/core';
import { describe, expect, it } from 'vitest';
import {
  createVirtualNode,
  type ToldFrame,
  type VirtualClient,
  type VirtualNode,
} from '../testing/virtual-node.ts';

const key = (userId: string) => ({ tenant: 'default', userId });

const claim = ({ node }: VirtualNode, userId: string, message: string, status: Status = 'busy') =>
  node.engine.execute(key(userId), {
    type: 'claim',
    source: 'admin',
    status,
    message,
    holdsAbsent: true,
  });

const isFull = (row: Presence | CompactRow): row is Presence => !Array.isArray(row);

describe('fan-out', () => {
  it('sends the same bytes to everybody, the latest state only, once for each window', async () => {
    const virtual = createVirtualNode();
    const clients = await Promise.all(['ada', 'bob', 'eve'].map((userId) => virtual.join(userId)));
    for (const client of clients) client.send({ type: 'watch', id: 'w', add: ['x', 'y'] });
    await virtual.clock.advance(200);
    for (const client of clients) client.texts.length = 0;
    await claim(virtual, 'x', 'one');
    await virtual.clock.advance(50);
    await claim(virtual, 'x', 'two');
    await claim(virtual, 'y', 'three');
    await virtual.clock.advance(49);
    expect(clients.map(({ texts }) => texts)).toEqual([[], [], []]);
    await virtual.clock.advance(1);
    const [ada, bob, eve] = clients.map(({ texts }) => texts);
    expect(ada).toHaveLength(1);
    expect([bob, eve]).toEqual([ada, ada]);
    expect(clients[0]?.take('changes')).toMatchObject([
      { presences: [{ message: 'two' }, { message: 'three' }] },
    ]);
  });

  it('a connection with both kinds of watch gets the full row, once', async () => {
    const virtual = createVirtualNode();
    const ada = await virtual.join('ada');
    ada.send({ type: 'watch', id: 'some', add: ['x'] });
    ada.send({ type: 'watch', id: 'more', add: ['x', 'y'] });
    await virtual.clock.advance(100);
    ada.send({ type: 'watch', id: 'all', tenant: true });
    await virtual.clock.advance(200);
    ada.take('changes');
    await claim(virtual, 'x', 'here');
    await claim(virtual, 'z', 'here');
    await virtual.clock.advance(100);
    const [changes] = ada.take('changes');
    expect(changes?.presences).toMatchObject([{ userId: 'x' }, ['z', 'busy', expect.any(Number)]]);
    expect(ada.take('changes')).toEqual([]);
  });

  it('S6: nothing is sent when what is public did not change', async () => {
    const virtual = createVirtualNode();
    const bob = await virtual.join('bob');
    const ada = await virtual.join('ada');
    bob.send({ type: 'watch', id: 'w', add: ['ada'] });
    bob.send({ type: 'watch', id: 'all', tenant: true });
    await virtual.clock.advance(200);
    bob.take('changes');
    ada.send({ type: 'visibility', visibility: 'hidden' });
    await virtual.clock.advance(200);
    expect(bob.take('changes')).toMatchObject([{ presences: [{ status: 'offline' }] }]);
    ada.send({ type: 'status', status: 'busy', message: 'nobody sees it' });
    ada.send({ type: 'activity', state: 'idle', idleMs: 400_000 });
    const again = await virtual.join('ada', ada.sessionId);
    again.send({ type: 'bye', reason: 'signed-out' });
    await virtual.clock.advance(10_000);
    expect(bob.take('changes')).toEqual([]);
  });

  it('S7: a snapshot that others were given is not given again once something in it changed', async () => {
    const virtual = createVirtualNode();
    const [ada, bob] = [await virtual.join('ada'), await virtual.join('bob')];
    ada.send({ type: 'watch', id: 'w', add: ['x'] });
    await virtual.clock.advance(10);
    await claim(virtual, 'x', 'new');
    await virtual.clock.advance(150);
    bob.send({ type: 'watch', id: 'w', add: ['x'] });
    await virtual.clock.advance(10);
    expect(bob.take('snapshot')).toMatchObject([{ presences: [{ message: 'new' }] }]);
  });

  it('S5: a snapshot that others were given is not given to whoever was told of a change since by another watch', async () => {
    const virtual = createVirtualNode();
    const clients = await Promise.all(['ada', 'bob'].map((userId) => virtual.join(userId)));
    for (const client of clients) client.send({ type: 'watch', id: 'w', add: ['x'] });
    await virtual.clock.advance(10);
    await claim(virtual, 'x', 'new');
    const [ada] = clients;
    // What waits for the window is told with the snapshot of those who are added.
    ada?.send({ type: 'watch', id: 'w', add: ['y'] });
    await virtual.clock.advance(10);
    expect(ada?.take('changes')).toMatchObject([{ presences: [{ message: 'new' }] }]);
    ada?.take('snapshot');
    ada?.send({ type: 'unwatch', id: 'w' });
    ada?.send({ type: 'watch', id: 'w', add: ['x'] });
    await virtual.clock.advance(10);
    expect(ada?.take('snapshot')).toMatchObject([{ presences: [{ message: 'new' }] }]);
    await virtual.clock.advance(200);
    expect(ada?.take('changes')).toEqual([]);
  });

  it('many who come together cost the store one scan', async () => {
    let finds = 0;
    const virtual = createVirtualNode();
    const clients = await Promise.all(
      Array.from({ length: 50 }, (_, index) => virtual.join(`user-${index}`)),
    );
    const { find } = virtual.node.engine;
    Object.assign(virtual.node.engine, {
      find: (query: Parameters<typeof find>[0]) => {
        finds += 1;
        return find(query);
      },
    });
    for (const client of clients) client.send({ type: 'watch', id: 'all', tenant: true });
    await virtual.clock.advance(10);
    const texts = clients.map(({ texts }) => texts.at(-1));
    expect(new Set(texts).size).toBe(1);
    expect(finds).toBe(1);
    expect(clients[0]?.take('snapshot')[0]?.presences).toHaveLength(50);
  });

  it('after a gap everything is read again, and what was missed is told', async () => {
    const virtual = createVirtualNode();
    const gaps: (() => void)[] = [];
    const deaf = { now: false };
    const { listen } = virtual.node.feed;
    Object.assign(virtual.node.feed, {
      listen: (tenant: string, listener: Parameters<typeof listen>[1]) => {
        gaps.push(() => listener.gap());
        return listen(tenant, {
          change: (change) => deaf.now || listener.change(change),
          gap: () => listener.gap(),
        });
      },
    });
    const bob = await virtual.join('bob');
    const ada = await virtual.join('ada');
    bob.send({ type: 'watch', id: 'w', add: ['x'] });
    bob.send({ type: 'watch', id: 'all', tenant: true });
    await virtual.clock.advance(2000);
    bob.take('changes');
    deaf.now = true;
    await claim(virtual, 'x', 'unheard');
    await claim(virtual, 'z', 'unheard');
    await virtual.node.engine.execute(key('ada'), { type: 'account', account: 'banned' });
    await virtual.clock.advance(2000);
    expect(bob.take('changes')).toEqual([]);
    deaf.now = false;
    for (const gap of gaps) gap();
    await virtual.clock.advance(200);
    const rows = bob.take('changes').flatMap(({ presences }) => presences);
    expect(rows).toHaveLength(3);
    expect(rows).toContainEqual(expect.objectContaining({ userId: 'x', message: 'unheard' }));
    expect(rows).toContainEqual(['z', 'busy', expect.any(Number)]);
    expect(rows).toContainEqual(['ada', 'offline', expect.any(Number)]);
    expect(ada.closed?.code).toBe(4403);
  });
});

const USERS = ['u0', 'u1', 'u2', 'u3', 'u4'] as const;

interface Step {
  readonly kind: 'claim' | 'release' | 'add' | 'remove' | 'unwatch' | 'tenant' | 'time' | 'slow';
  readonly client: number;
  readonly user: number;
  readonly ms: number;
}

const steps = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom(
      'claim',
      'claim',
      'release',
      'add',
      'remove',
      'unwatch',
      'tenant',
      'time',
    ),
    client: fc.nat(2),
    user: fc.nat(USERS.length - 1),
    ms: fc.constantFrom(0, 1, 40, 99, 100, 250),
  }),
  { minLength: 5, maxLength: 60 },
);

/** A client that keeps what it was told, and objects to what no client may be told. */
const follow = (client: VirtualClient) => {
  const rows = new Map<string, { version: number; status: Status }>();
  const watched = { ids: new Set<string>(), tenant: false };

  const take = (frame: ToldFrame): void => {
    if (frame.type !== 'snapshot' && frame.type !== 'changes') return;
    for (const row of frame.presences) {
      const [userId, status, version] = isFull(row) ? [row.userId, row.status, row.version] : row;
      const known = rows.get(userId)?.version ?? -1;
      // S5 and S6: never older, and never the same again but in a new watch's snapshot.
      expect(version).toBeGreaterThanOrEqual(known);
      if (frame.type === 'changes') expect(version).toBeGreaterThan(known);
      rows.set(userId, { version, status });
    }
  };
  return {
    rows,
    watched,
    read: () => {
      for (const frame of client.frames.splice(0)) take(frame);
    },
  };
};

const act = async (
  virtual: VirtualNode,
  clients: readonly VirtualClient[],
  step: Step,
  index: number,
  followers: readonly ReturnType<typeof follow>[],
) => {
  const client = clients[step.client];
  const follower = followers[step.client];
  const userId = USERS[step.user] ?? 'u0';
  if (!client || !follower) return;
  switch (step.kind) {
    case 'claim':
      void claim(virtual, userId, `m${index}`, step.ms > 40 ? 'busy' : 'dnd');
      break;
    case 'release':
      void virtual.node.engine.execute(key(userId), { type: 'release', source: 'admin' });
      break;
    case 'add':
      client.send({ type: 'watch', id: `w${step.ms % 2}`, add: [userId, USERS[0]] });
      follower.watched.ids.add(userId).add(USERS[0]);
      break;
    case 'remove':
      client.send({ type: 'watch', id: 'w0', remove: [userId] });
      break;
    case 'unwatch':
      client.send({ type: 'unwatch', id: 'w1' });
      break;
    case 'tenant':
      if (!follower.watched.tenant) client.send({ type: 'watch', id: 'all', tenant: true });
      follower.watched.tenant = true;
      break;
    default:
      await virtual.clock.advance(step.ms);
  }
};

describe('S5, S6, S7: snapshots and changes join', () => {
  it('without loss or repetition, whatever the order of things', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(1000), async (plan, seed) => {
        const virtual = createVirtualNode({
          seed,
          security: {
            secret: 'a secret for tests that is long enough',
            limits: { framesPerSecond: 1e6 },
          },
        });
        // Reads take their time, so that changes fall between a read and its answer.
        const { readMany, find } = virtual.node.engine;
        const later = async <T>(asked: Promise<T>): Promise<T> => {
          const answer = await asked;
          await new Promise<void>((resolve) => void virtual.clock.after(30, resolve));
          return answer;
        };
        Object.assign(virtual.node.engine, {
          readMany: (keys: Parameters<typeof readMany>[0]) => later(readMany(keys)),
          find: (query: Parameters<typeof find>[0]) => later(find(query)),
        });
        const clients = await Promise.all(['a', 'b', 'c'].map((userId) => virtual.join(userId)));
        const followers = clients.map(follow);
        for (const [index, step] of plan.entries()) {
          await act(virtual, clients, step, index, followers);
          for (const { read } of followers) read();
        }
        // In the end everybody watches everything, and has to agree with the store; frames wait for the reads of those before.
        for (const client of clients) client.send({ type: 'watch', id: 'end', add: [...USERS] });
        await virtual.clock.advance(60 * 3 * 30);
        for (const { read } of followers) read();
        for (const userId of USERS) {
          const { record } = await virtual.node.engine.read(key(userId));
          const { version = 0, status = 'offline' } = record?.public ?? {};
          for (const { rows } of followers) expect(rows.get(userId)).toEqual({ version, status });
        }
        await virtual.stop();
      }),
      { numRuns: 150 },
    );
  });

  it('and a change that nobody reads the store for arrives at every watcher', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (plan) => {
        const virtual = createVirtualNode({
          security: {
            secret: 'a secret for tests that is long enough',
            limits: { framesPerSecond: 1e6 },
          },
        });
        const clients = await Promise.all(['a', 'b', 'c'].map((userId) => virtual.join(userId)));
        const followers = clients.map(follow);
        for (const client of clients) client.send({ type: 'watch', id: 'base', add: [...USERS] });
        await virtual.clock.advance(500);
        for (const [index, step] of plan.entries()) {
          await act(virtual, clients, step, index, followers);
        }
        await virtual.clock.advance(500);
        for (const { read } of followers) read();
        for (const userId of USERS) {
          const { record } = await virtual.node.engine.read(key(userId));
          const { version = 0, status = 'offline' } = record?.public ?? {};
          for (const { rows } of followers) expect(rows.get(userId)).toEqual({ version, status });
        }
        await virtual.stop();
      }),
      { numRuns: 100 },
    );
  });
});
