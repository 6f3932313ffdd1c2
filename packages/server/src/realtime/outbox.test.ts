import { describe, expect, it } from 'vitest';
import { OWED_USERS, UNACKED_BYTES } from './outbox.ts';
import { createVirtualNode, type VirtualNode } from '../testing/virtual-node.ts';

const change = async ({ node, clock }: VirtualNode, userIds: readonly string[], round: number) => {
  await Promise.all(
    userIds.map((userId) =>
      node.engine.execute(
        { tenant: 'default', userId },
        { type: 'claim', source: 'admin', status: 'busy', message: `${round}`, holdsAbsent: true },
      ),
    ),
  );
  await clock.advance(100);
};

const sentBytes = ({ texts }: { readonly texts: readonly string[] }): number =>
  texts.reduce((sum, text) => sum + text.length, 0);

const ids = Array.from({ length: 500 }, (_, index) => `u${index}`);

describe('a change for many', () => {
  it('comes to each of them once, however many they are, and is owed to whoever is slow (S6)', async () => {
    const virtual = createVirtualNode();
    const clients = await Promise.all(
      Array.from({ length: 66 }, (_, index) => virtual.join(`user-${index}`)),
    );
    for (const client of clients) client.send({ type: 'watch', id: 'w', add: ids });
    await virtual.clock.advance(2000);
    const slow = clients[65]!;
    slow.answers = false;
    for (let round = 0; round < 10; round += 1) await change(virtual, ids, round);
    for (const client of clients) client.take('changes');
    await change(virtual, ['u7'], 99);
    const told = clients.map((client) => client.take('changes').length);
    expect(told).toEqual(clients.map((client) => (client === slow ? 0 : 1)));
    slow.answers = true;
    slow.events.pong('m');
    await virtual.clock.advance(10);
    const rows = slow.take('changes').flatMap(({ presences }) => presences);
    expect(rows.filter((row) => 'message' in row && row.message === '99')).toHaveLength(1);
  });
});

describe('slow readers', () => {
  it('S20: gets no more than the bound while it acknowledges nothing, then the latest of each', async () => {
    const virtual = createVirtualNode();
    const bob = await virtual.join('bob');
    bob.send({ type: 'watch', id: 'w', add: ids });
    await virtual.clock.advance(10);
    bob.take('snapshot');
    bob.answers = false;
    for (let round = 0; round < 20; round += 1) await change(virtual, ids, round);
    expect(sentBytes(bob)).toBeLessThan(UNACKED_BYTES + 200_000);
    bob.take('changes');
    bob.answers = true;
    bob.events.pong('m');
    await virtual.clock.advance(10);
    const rows = bob.take('changes').flatMap(({ presences }) => presences);
    expect(rows).toHaveLength(ids.length);
    expect(rows.every((row) => 'message' in row && row.message === '19')).toBe(true);
    await change(virtual, ids.slice(0, 1), 99);
    expect(bob.take('changes')).toHaveLength(1);
  });

  it('is sent its watches anew when more users changed than are kept for it', async () => {
    const virtual = createVirtualNode();
    const bob = await virtual.join('bob');
    const many = Array.from({ length: OWED_USERS + 400 }, (_, index) => `u${index}`);
    bob.send({ type: 'watch', id: 'a', add: many.slice(0, 400) });
    bob.send({ type: 'watch', id: 'b', add: many.slice(400, 800) });
    bob.send({ type: 'watch', id: 'c', add: many.slice(800) });
    await virtual.clock.advance(10);
    bob.answers = false;
    for (let round = 0; round < 4; round += 1) await change(virtual, many, round);
    bob.frames.length = 0;
    bob.answers = true;
    bob.events.pong('m');
    await virtual.clock.advance(10);
    const rows = bob.take('snapshot').flatMap(({ presences }) => presences);
    expect(new Set(rows.map((row) => ('userId' in row ? row.userId : row[0]))).size).toBe(
      many.length,
    );
    expect(rows.every((row) => 'message' in row && row.message === '3')).toBe(true);
  });

  it('is closed with 4008 when it acknowledges nothing for too long', async () => {
    const virtual = createVirtualNode();
    const bob = await virtual.join('bob');
    bob.send({ type: 'watch', id: 'w', add: ids });
    await virtual.clock.advance(10);
    bob.answers = false;
    for (let round = 0; round < 10; round += 1) await change(virtual, ids, round);
    expect(bob.closed).toBeNull();
    await virtual.clock.advance(16_000);
    expect(bob.closed).toEqual({ code: 4008, reason: 'too_slow' });
    expect(virtual.gateway.stats()).toMatchObject({ connections: 0, audiences: 0 });
  });
});
