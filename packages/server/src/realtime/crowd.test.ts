import type { CompactRow, Presence } from '@presence/core';
import { describe, expect, it, vi } from 'vitest';
import {
  createVirtualNode,
  type VirtualClient,
  type VirtualNode,
} from '../testing/virtual-node.ts';

const claim = ({ node }: VirtualNode, userId: string, message: string) =>
  node.engine.execute(
    { tenant: 'default', userId },
    { type: 'claim', source: 'admin', status: 'busy', message, holdsAbsent: true },
  );

const isOnline = (row: Presence | CompactRow): row is Presence =>
  'userId' in row && row.status === 'online';

/** Users whom the client was told are online, and in how many frames. */
const toldOf = ({ frames }: VirtualClient): { online: number; frames: number } => {
  const told = frames.filter((frame) => frame.type === 'snapshot' || frame.type === 'changes');
  const rows = told.flatMap(({ presences }) => presences).filter(isOnline);
  return { online: new Set(rows.map(({ userId }) => userId)).size, frames: told.length };
};

describe('a crowd that comes together', () => {
  it('hears of all in few frames, and within a second of the last change', async () => {
    const virtual = createVirtualNode();
    const names = Array.from({ length: 200 }, (_, index) => `user-${index}`);
    const clients: VirtualClient[] = [];
    for (const name of names) {
      const client = await virtual.join(name);
      client.send({ type: 'watch', id: 'w', add: names, ref: 1 });
      clients.push(client);
      await virtual.clock.advance(4);
    }
    expect(clients[0]?.frames.length).toBeLessThan(5);
    expect(clients.at(-1)?.frames).toEqual([]);
    await virtual.clock.advance(300);
    for (const client of clients) {
      const told = toldOf(client);
      expect(told.online).toBe(200);
      expect(told.frames).toBeLessThan(5);
      expect(client.take('ack')).toHaveLength(1);
    }
    // Nobody comes any more: the window is as long as ever.
    await claim(virtual, 'user-7', 'calm again');
    await virtual.clock.advance(100);
    expect(clients[0]?.take('changes').at(-1)).toMatchObject({
      presences: [{ message: 'calm again' }],
    });
  });

  it('waits for its window also where one has just ended, and is then told of each once', async () => {
    const virtual = createVirtualNode();
    const clients: VirtualClient[] = [];
    const isTold = ({ frames }: VirtualClient): boolean =>
      frames.some(({ type }) => type === 'snapshot');
    const come = async (): Promise<VirtualClient> => {
      const client = await virtual.join(`user-${clients.length}`);
      // Those who come next.
      const add = Array.from({ length: 20 }, (_, step) => `user-${clients.length + 1 + step}`);
      client.send({ type: 'watch', id: 'w', add });
      clients.push(client);
      await virtual.clock.advance(3);
      return client;
    };
    while (clients.length < 100) await come();
    const waiting = clients.at(-1)!;
    while (!isTold(waiting)) await come();
    // A change begins the next window.
    await come();
    const late: VirtualClient[] = [];
    while (late.length < 20) late.push(await come());
    expect(late.some(isTold)).toBe(false);
    while (!late.every(isTold)) await come();
    for (const client of late) {
      expect(toldOf(client)).toEqual({ online: 20, frames: 1 });
    }
  });

  it('asks the store together for everybody whom it wants to see', async () => {
    const virtual = createVirtualNode();
    const clients: VirtualClient[] = [];
    for (let index = 0; index < 60; index += 1) clients.push(await virtual.join(`user-${index}`));
    const reads = vi.spyOn(virtual.node.engine, 'readMany');
    clients.forEach((client, index) => {
      const add = Array.from({ length: 20 }, (_, step) => `other-${index + step}`);
      client.send({ type: 'watch', id: 'w', add });
    });
    await virtual.clock.advance(0);
    expect(reads).toHaveBeenCalledTimes(1);
    for (const client of clients) {
      expect(client.take('snapshot')).toMatchObject([{ presences: { length: 20 } }]);
    }
  });

  it('is not kept waiting for longer than a second', async () => {
    const virtual = createVirtualNode();
    const first = await virtual.join('first');
    first.send({ type: 'watch', id: 'w', add: ['x'] });
    await virtual.clock.advance(500);
    await claim(virtual, 'x', 'now');
    first.take('changes');
    let waitedMs = 0;
    while (first.take('changes').length === 0 && waitedMs < 5000) {
      const client = await virtual.join(`user-${waitedMs}`);
      client.send({ type: 'watch', id: 'w', add: ['y'] });
      await virtual.clock.advance(2);
      waitedMs += 2;
    }
    expect(waitedMs).toBeGreaterThan(500);
    expect(waitedMs).toBeLessThanOrEqual(1200);
  });
});
