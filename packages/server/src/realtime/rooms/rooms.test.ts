import type { ClientFrame, RoomSnapshotFrame, TypistFrame } from '@presence/core/protocol';
import { createVirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../stores/memory/memory-store.ts';
import {
  createVirtualNode,
  type VirtualClient,
  type VirtualNode,
} from '../../testing/virtual-node.ts';

const ROOM = 'kitchen';

/** Says it, and waits until it was taken. */
const said = async (
  { clock }: VirtualNode,
  client: VirtualClient,
  frame: ClientFrame,
): Promise<unknown> => {
  client.send({ ...frame, ref: 99 });
  await clock.advance(0);
  await clock.advance(0);
  const [ack] = client.take('ack');
  const [error] = client.take('error');
  return ack ? 'ack' : error?.code;
};

const enter = (node: VirtualNode, client: VirtualClient, meta?: string) =>
  said(node, client, { type: 'join', room: ROOM, ...(meta !== undefined && { meta }) });

const leave = (node: VirtualNode, client: VirtualClient) =>
  said(node, client, { type: 'leave', room: ROOM });

const watch = (node: VirtualNode, client: VirtualClient, id = 'w') =>
  said(node, client, { type: 'watch', id, room: ROOM });

const rowsOf = (frames: readonly { readonly presences: readonly unknown[] }[]) =>
  frames.flatMap(({ presences }) =>
    presences.map((row) =>
      Array.isArray(row)
        ? (row as unknown[]).slice(0, 2).join(' ')
        : `${(row as { userId: string }).userId} ${(row as { status: string }).status}`,
    ),
  );

const changes = async (node: VirtualNode, client: VirtualClient) => {
  await node.clock.advance(150);
  return rowsOf(client.take('changes'));
};

const start = async (...members: string[]) => {
  const node = createVirtualNode();
  const viewer = await node.join('viewer');
  const clients: Record<string, VirtualClient> = {};
  for (const userId of members) {
    clients[userId] = await node.join(userId);
    expect(await enter(node, clients[userId])).toBe('ack');
  }
  return { node, viewer, clients };
};

describe('a watched room', () => {
  it('S7: is told whole, then by who comes, changes and leaves', async () => {
    const { node, viewer, clients } = await start('ada', 'bob');
    expect(await watch(node, viewer)).toBe('ack');
    const [snapshot] = viewer.take('snapshot');
    expect(snapshot).toMatchObject({ watch: 'w', room: ROOM, mode: 'full', count: 2, typing: [] });
    expect(rowsOf([snapshot!])).toEqual(['ada online', 'bob online']);
    expect(await changes(node, viewer)).toEqual([]);

    const cem = await node.join('cem');
    await enter(node, cem);
    expect(await changes(node, viewer)).toEqual(['cem online']);
    await said(node, cem, { type: 'status', status: 'busy' });
    expect(await changes(node, viewer)).toEqual(['cem busy']);
    await leave(node, clients['ada']!);
    expect(await changes(node, viewer)).toEqual(['ada gone']);
    clients['bob']!.send({ type: 'bye', reason: 'signed-out' });
    expect(await changes(node, viewer)).toEqual(['bob gone']);
    await node.stop();
  });

  it('S6: says nothing of what changes nothing there', async () => {
    const { node, viewer, clients } = await start('ada');
    await watch(node, viewer);
    await enter(node, clients['ada']!);
    const again = await node.join('ada');
    await enter(node, again);
    await leave(node, again);
    await said(node, clients['ada']!, { type: 'join', room: 'attic' });
    await said(node, await node.join('dee'), { type: 'status', status: 'busy' });
    expect(await changes(node, viewer)).toEqual([]);
    await node.stop();
  });

  it('shows what sessions say of themselves there', async () => {
    const { node, viewer, clients } = await start('ada');
    await enter(node, clients['ada']!, 'page 1');
    await watch(node, viewer);
    expect(viewer.take('snapshot')).toMatchObject([
      { presences: [{ userId: 'ada', meta: ['page 1'] }] },
    ]);
    await enter(node, clients['ada']!, 'page 2');
    await node.clock.advance(150);
    expect(viewer.take('changes')).toMatchObject([{ presences: [{ meta: ['page 2'] }] }]);
    await node.stop();
  });

  it('S17: shows nobody who hides, from that moment on', async () => {
    const { node, viewer, clients } = await start('ada');
    await watch(node, viewer);
    await said(node, clients['ada']!, { type: 'visibility', visibility: 'hidden' });
    expect(await changes(node, viewer)).toEqual(['ada gone']);
    await enter(node, clients['ada']!, 'nobody sees this');
    expect(await changes(node, viewer)).toEqual([]);
    await said(node, clients['ada']!, { type: 'visibility', visibility: 'visible' });
    expect(await changes(node, viewer)).toEqual(['ada online']);
    await node.stop();
  });

  it('L1: loses whoever lost their link, after the grace', async () => {
    const { node, viewer, clients } = await start('ada');
    await watch(node, viewer);
    clients['ada']!.events.closed();
    await node.clock.advance(14_000);
    expect(viewer.take('changes')).toEqual([]);
    await node.clock.advance(2000);
    expect(rowsOf(viewer.take('changes'))).toEqual(['ada gone']);
    await node.stop();
  });

  it('L2: a session that comes back within the grace is still in its rooms', async () => {
    const node = createVirtualNode();
    const [viewer, ada] = [await node.join('viewer'), await node.join('ada')];
    await enter(node, ada);
    await watch(node, viewer);
    ada.events.closed();
    await node.clock.advance(1000);
    await node.join('ada', ada.sessionId);
    await node.clock.advance(60_000);
    expect(viewer.take('changes')).toEqual([]);
    await node.stop();
  });

  it('S3, S7: is the same on every node', async () => {
    const clock = createVirtualClock();
    const store = memoryStore({ clock });
    const [one, two] = [1, 2].map((seed) => createVirtualNode({ clock, store, seed })) as [
      VirtualNode,
      VirtualNode,
    ];
    const viewer = await two.join('viewer');
    await watch(two, viewer);
    const ada = await one.join('ada');
    await enter(one, ada);
    expect(await changes(two, viewer)).toEqual(['ada online']);
    await leave(one, ada);
    expect(await changes(two, viewer)).toEqual(['ada gone']);
    await one.stop();
    await two.stop();
  });

  it('tells many watchers by the same bytes', async () => {
    const { node, viewer } = await start();
    const others = [await node.join('v2'), await node.join('v3')];
    for (const client of [viewer, ...others]) await watch(node, client);
    await enter(node, await node.join('ada'));
    await node.clock.advance(150);
    const texts = [viewer, ...others].map((client) => client.texts.at(-1));
    expect(new Set(texts).size).toBe(1);
    await node.stop();
  });

  it('S20: is forgotten with its last watch', async () => {
    const { node, viewer } = await start('ada');
    await watch(node, viewer);
    expect(node.gateway.stats().watches).toBe(1);
    await said(node, viewer, { type: 'unwatch', id: 'w' });
    expect(node.gateway.stats().watches).toBe(0);
    await watch(node, viewer);
    viewer.events.closed();
    expect(node.gateway.stats().watches).toBe(0);
    await node.stop();
  });

  it('is refused to whom the application does not let see it, as one that is not there', async () => {
    const node = createVirtualNode({
      security: { secret: 'x'.repeat(32), authorize: (_, action) => action !== 'room:read' },
    });
    const ada = await node.join('ada');
    expect(await watch(node, ada)).toBe('not_found');
    expect(await enter(node, ada)).toBe('ack');
    await node.stop();
  });

  it('L5: has those who are back after the store lost everything', async () => {
    const { node, viewer, clients } = await start('ada');
    await watch(node, viewer);
    viewer.take('snapshot');
    expect(node.node.held.size).toBe(2);
    const [ada] = [...node.node.held.all()].filter(({ key }) => key.userId === 'ada');
    expect(ada?.rooms).toEqual([{ room: ROOM, meta: null }]);
    await leave(node, clients['ada']!);
    expect([...node.node.held.all()].map(({ rooms }) => rooms)).toEqual([undefined, undefined]);
    await node.stop();
  });
});

describe('typing in a watched room', () => {
  const type = (node: VirtualNode, client: VirtualClient, state = true) =>
    said(node, client, { type: 'typing', room: ROOM, state });

  const told = (client: VirtualClient) =>
    client
      .take('typing')
      .map(({ userId, until, asOf }: TypistFrame) => [userId, until - asOf] as const);

  it('is told at once, with how long it holds', async () => {
    const { node, viewer, clients } = await start('ada');
    await watch(node, viewer);
    expect(await type(node, clients['ada']!)).toBe('ack');
    expect(told(viewer)).toEqual([['ada', 6000]]);
    await type(node, clients['ada']!, false);
    expect(told(viewer)).toEqual([['ada', 0]]);
    await type(node, clients['ada']!, false);
    expect(told(viewer)).toEqual([]);
    await node.stop();
  });

  it('is part of a snapshot for as long as is left', async () => {
    const { node, viewer, clients } = await start('ada');
    await watch(node, viewer);
    await type(node, clients['ada']!);
    await node.clock.advance(2000);
    const late = await node.join('late');
    await watch(node, late);
    const [snapshot] = late.take('snapshot');
    expect(snapshot).toMatchObject({ room: ROOM });
    const { typing, asOf } = snapshot as unknown as RoomSnapshotFrame;
    expect(typing.map(({ until }) => until - asOf)).toEqual([4000]);
    await node.clock.advance(5000);
    const later = await node.join('later');
    await watch(node, later);
    expect(later.take('snapshot')).toMatchObject([{ typing: [] }]);
    await node.stop();
  });

  it('ends with leaving, hiding and going', async () => {
    const { node, viewer, clients } = await start('ada', 'bob', 'cem');
    await watch(node, viewer);
    for (const userId of ['ada', 'bob', 'cem']) await type(node, clients[userId]!);
    expect(told(viewer)).toHaveLength(3);
    await leave(node, clients['ada']!);
    await said(node, clients['bob']!, { type: 'visibility', visibility: 'hidden' });
    clients['cem']!.send({ type: 'bye', reason: 'signed-out' });
    await node.clock.advance(10);
    expect(told(viewer)).toEqual([
      ['ada', 0],
      ['bob', 0],
      ['cem', 0],
    ]);
    await node.stop();
  });

  it('S17: is not told of who hides, and is refused to who is not in the room', async () => {
    const { node, viewer, clients } = await start('ada');
    await watch(node, viewer);
    await said(node, clients['ada']!, { type: 'visibility', visibility: 'hidden' });
    expect(await type(node, clients['ada']!)).toBe('ack');
    expect(await type(node, viewer)).toBe('not_found');
    expect(told(viewer)).toEqual([]);
    await node.stop();
  });

  it('is told no more often than the limit, and the connection stays', async () => {
    const { node, viewer, clients } = await start('ada');
    await watch(node, viewer);
    for (let index = 0; index < 70; index += 1) {
      await type(node, clients['ada']!, index % 2 === 0);
      await node.clock.advance(60);
    }
    expect(told(viewer).length).toBeLessThan(66);
    expect(clients['ada']!.closed).toBeNull();
    await node.stop();
  });
});
