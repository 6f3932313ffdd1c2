import type { RoomSnapshotFrame, ServerFrame } from '@presence/core/protocol';
import { describe, expect, it } from 'vitest';
import { createWorld, type World } from './testing/world.ts';

const framesOf = (world: World) =>
  world.server.frames
    .map(({ frame }) => frame)
    .filter(({ type }) => ['join', 'leave', 'typing', 'watch', 'unwatch'].includes(type));

const snapshot = (world: World, more: Partial<RoomSnapshotFrame> = {}): ServerFrame => ({
  type: 'snapshot',
  watch: 'room-1',
  room: 'kitchen',
  mode: 'full',
  count: 1,
  presences: [['ada', 'online', 5, 5, null]],
  typing: [],
  asOf: world.clock.now(),
  ...more,
});

const changes = (world: World, ...presences: unknown[]): ServerFrame =>
  ({
    type: 'changes',
    room: 'kitchen',
    count: 1,
    presences,
    asOf: world.clock.now(),
  }) as ServerFrame;

const typing = (world: World, userId: string, leftMs = 6000): ServerFrame => ({
  type: 'typing',
  room: 'kitchen',
  userId,
  until: world.clock.now() + leftMs,
  asOf: world.clock.now(),
});

const said = async (world: World, ...frames: ServerFrame[]): Promise<void> => {
  for (const frame of frames) world.server.say(frame);
  await world.clock.advance(1);
};

const start = async () => {
  const world = createWorld();
  const { client, tab } = world.open();
  const room = client.room('kitchen');
  const leave = room.join();
  await world.clock.advance(20);
  return { world, client, tab, room, leave };
};

describe('a room', () => {
  it('is entered once for all who join it, and left with the last', async () => {
    const { world, client, leave } = await start();
    const again = client.room('kitchen').join();
    await world.clock.advance(20);
    expect(framesOf(world)).toMatchObject([
      { type: 'join', room: 'kitchen' },
      { type: 'watch', room: 'kitchen' },
    ]);
    leave();
    await world.clock.advance(20);
    expect(framesOf(world)).toHaveLength(2);
    again();
    await world.clock.advance(20);
    expect(framesOf(world).slice(2)).toMatchObject([
      { type: 'unwatch' },
      { type: 'leave', room: 'kitchen' },
    ]);
    client.stop();
  });

  it('S5: shows its members as they come, change and leave', async () => {
    const { world, client, room } = await start();
    const other = client.room('attic').getSnapshot();
    expect(other).toMatchObject({ synced: false, members: [], count: 0 });
    let told = 0;
    room.subscribe(() => (told += 1));
    await said(world, snapshot(world));
    const first = room.getSnapshot();
    expect(first).toMatchObject({ synced: true, mode: 'full', members: [{ userId: 'ada' }] });
    expect(room.getSnapshot()).toBe(first);
    await said(world, changes(world, ['bob', 'away', 7, 7, null, { meta: ['page 2'] }]));
    expect(room.getSnapshot().members).toMatchObject([
      { userId: 'ada', status: 'online' },
      { userId: 'bob', status: 'away', meta: ['page 2'] },
    ]);
    await said(world, changes(world, ['bob', 'busy', 6, 6, null]));
    expect(room.getSnapshot().members[1]?.status).toBe('away');
    await said(world, changes(world, ['ada', 'gone', 5]));
    expect(room.getSnapshot().members.map(({ userId }) => userId)).toEqual(['bob']);
    expect(told).toBe(4);
    client.stop();
  });

  it('is put together from the frames of one list', async () => {
    const { world, client, room } = await start();
    await said(world, snapshot(world, { mode: 'compact', count: 2, more: true }));
    expect(room.getSnapshot()).toMatchObject({ mode: 'full', members: [{ userId: 'me' }] });
    await said(
      world,
      snapshot(world, { mode: 'compact', count: 2, presences: [['bob', 'dnd', 9]] }),
    );
    expect(room.getSnapshot()).toMatchObject({
      mode: 'compact',
      count: 2,
      members: [{ userId: 'ada' }, { userId: 'bob', status: 'dnd' }],
    });
    client.stop();
  });

  it('S14: of more than 1,000 is told in another way when it grows, and back when it is smaller', async () => {
    const { world, client, room } = await start();
    const ids = Array.from({ length: 1000 }, (_, index) => `user-${index}`);
    for (const id of ids) world.server.joinRoom(id, 'kitchen');
    await world.clock.advance(1);
    expect(room.getSnapshot()).toMatchObject({ mode: 'compact', count: 1001 });
    expect(room.getSnapshot().members).toHaveLength(1001);
    for (const id of ids.slice(0, 101)) world.server.leaveRoom(id, 'kitchen');
    await world.clock.advance(1);
    expect(room.getSnapshot()).toMatchObject({ mode: 'full', count: 900 });
    expect(room.getSnapshot().members[0]).toMatchObject({ userId: 'me', lastSeenAt: null });
    client.stop();
  });

  it('is joined anew on the next link, and S18: not trusted when none comes', async () => {
    const { world, client, room } = await start();
    world.server.joinRoom('ada', 'kitchen');
    world.server.closeSockets(1006);
    await world.clock.advance(5000);
    expect(framesOf(world).filter(({ type }) => type === 'join')).toHaveLength(2);
    expect(room.getSnapshot().synced).toBe(true);
    world.browser.goOffline();
    await world.clock.advance(120_000);
    expect(room.getSnapshot()).toMatchObject({
      synced: false,
      members: [{ userId: 'ada' }, { userId: 'me' }],
    });
    client.stop();
  });

  it('is the same in all tabs: one is in it for all', async () => {
    const world = createWorld();
    const [first, second] = [world.open(), world.open()];
    await world.clock.advance(3000);
    const leave = second.client.room('kitchen').join();
    await world.clock.advance(3000);
    await said(world, snapshot(world));
    await world.clock.advance(20);
    expect(second.client.room('kitchen').getSnapshot().count).toBe(1);
    const third = world.open();
    await world.clock.advance(3000);
    third.client.room('kitchen').join();
    await world.clock.advance(3000);
    expect(third.client.room('kitchen').getSnapshot().members).toMatchObject([{ userId: 'ada' }]);
    leave();
    await world.clock.advance(3000);
    expect(framesOf(world).map(({ type }) => type)).toEqual(['join', 'watch']);
    third.client.stop();
    await world.clock.advance(3000);
    expect(framesOf(world).map(({ type }) => type)).toEqual(['join', 'watch', 'unwatch', 'leave']);
    for (const { client } of [first, second]) client.stop();
    await world.clock.advance(200_000);
    expect(world.clock.pending()).toBe(0);
  });
});

describe('many rooms', () => {
  it('S20: are switched as fast as one likes, and the server is told no more in a second than it takes', async () => {
    const world = createWorld();
    const { client } = world.open();
    let leave = client.room('room-0').join();
    await world.clock.advance(1000);
    const perSecond: number[] = [];
    for (let second = 0; second < 3; second += 1) {
      const before = framesOf(world).length;
      for (let index = 0; index < 20; index += 1) {
        const next = client.room(`room-${second}-${index}`).join();
        leave();
        leave = next;
        await world.clock.advance(50);
      }
      perSecond.push(framesOf(world).length - before);
    }
    expect(Math.max(...perSecond)).toBeLessThan(10);
    await world.clock.advance(3000);
    expect(client.room('room-2-19').getSnapshot().count).toBe(1);
  });

  it('S20: leave nothing running once the server was told of them', async () => {
    const world = createWorld();
    const { client } = world.open();
    await world.clock.advance(10_000);
    const before = world.clock.pending();
    for (let index = 0; index < 5; index += 1) client.room(`room-${index}`).join();
    await world.clock.advance(5000);
    const told = framesOf(world).length;
    await world.clock.advance(5000);
    expect(framesOf(world)).toHaveLength(told);
    expect(world.clock.pending()).toBe(before);
  });

  it('that were left stay unknown, whatever of them comes late', async () => {
    const { world, room, leave } = await start();
    leave();
    await world.clock.advance(20);
    const joiner = changes(world, ['ada', 'online', 5, 5, null]);
    await said(world, joiner, typing(world, 'ada'));
    expect(room.getSnapshot()).toMatchObject({ count: 0, typing: [], synced: false });
  });
});

describe('typing', () => {
  const told = (world: World) =>
    world.server.frames.map(({ frame }) => frame).filter(({ type }) => type === 'typing');

  it('is said now and then while it lasts, and once when it ends', async () => {
    const { world, client, room } = await start();
    for (let key = 0; key < 40; key += 1) {
      room.startTyping();
      await world.clock.advance(100);
    }
    expect(told(world)).toMatchObject([{ state: true }, { state: true }]);
    room.stopTyping();
    room.stopTyping();
    await world.clock.advance(10);
    expect(told(world).slice(2)).toMatchObject([{ room: 'kitchen', state: false }]);
    client.stop();
  });

  it('of others ends when they stop, leave, or say nothing more', async () => {
    const { world, client, room } = await start();
    await said(world, snapshot(world), typing(world, 'ada'), typing(world, 'bob'));
    await said(world, typing(world, 'me'), typing(world, 'cem'));
    expect(room.getSnapshot().typing).toEqual(['ada', 'bob', 'cem']);
    await said(world, typing(world, 'ada', 0), changes(world, ['bob', 'gone', 9]));
    expect(room.getSnapshot().typing).toEqual(['cem']);
    await world.clock.advance(6000);
    expect(room.getSnapshot().typing).toEqual([]);
    client.stop();
  });
});
