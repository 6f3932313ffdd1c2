import { describe, expect, it } from 'vitest';
import { createWorld, type World } from '../testing/world.ts';

const asked = (world: World, start: string) =>
  world.server.requests.filter(({ method, path }) => `${method} ${path}`.startsWith(start));

const start = async (members = 0) => {
  const world = createWorld();
  const id = (index: number): string => `user-${String(index).padStart(5, '0')}`;
  for (let index = 0; index < members; index += 1) world.server.joinRoom(id(index), 'hall');
  const { client } = world.open({ transport: 'http' });
  const room = client.room('hall');
  const leave = room.join();
  await world.clock.advance(3000);
  return { world, client, room, leave };
};

describe('rooms over HTTP', () => {
  it('are entered, told with each beat, and left', async () => {
    const { world, room, leave } = await start();
    expect(room.getSnapshot()).toMatchObject({ synced: true, count: 1, mode: 'full' });
    world.server.joinRoom('ada', 'hall', { page: 2 });
    world.server.setTyping('ada', 'hall', true);
    await world.clock.advance(31_000);
    expect(room.getSnapshot().members).toMatchObject([
      { userId: 'ada', meta: [{ page: 2 }] },
      { userId: 'me' },
    ]);
    leave();
    await world.clock.advance(1000);
    expect(world.server.room('hall').members.map(({ userId }) => userId)).toEqual(['ada']);
  });

  it.each([
    ['one page', 499, 'full', 500, 1],
    ['two pages', 999, 'full', 1000, 2],
    ['more than is told in full', 1000, 'compact', 1001, 3],
    ['as many pages as a beat may ask', 5499, 'compact', 5500, 11],
    ['one more', 5500, 'count', 0, 1],
  ] as const)(
    'S14: %s: every member once, or how many they are, as `mode` says',
    async (_, others, mode, listed, pages) => {
      const { world, room } = await start(others);
      const state = room.getSnapshot();
      expect([state.mode, state.count]).toEqual([mode, others + 1]);
      expect(new Set(state.members.map(({ userId }) => userId)).size).toBe(listed);
      expect(state.members.some(({ since }) => since === undefined)).toBe(mode === 'compact');
      expect(asked(world, 'GET /rooms/hall')).toHaveLength(pages);
    },
  );

  it('S20: share what one beat may ask: a second big room is told by its number', async () => {
    const { world, client, room } = await start(3000);
    for (let index = 0; index < 4000; index += 1) world.server.joinRoom(`v${index}`, 'attic');
    client.room('attic').join();
    await world.clock.advance(31_000);
    expect(room.getSnapshot()).toMatchObject({ mode: 'compact', count: 3001 });
    expect(client.room('attic').getSnapshot()).toMatchObject({ mode: 'count', count: 4001 });
  });

  it('S20: are not read for whatever else is asked: a list that is scrolled', async () => {
    const { world, client } = await start();
    for (let at = 0; at < 5; at += 1) {
      client.watch([`user-${at}`]);
      await world.clock.advance(1000);
    }
    expect(asked(world, 'GET /rooms/hall')).toHaveLength(1);
  });

  it('S20: say what the session says there, each five seconds at most, and the last of it', async () => {
    const { world, client } = await start();
    let leave = (): void => {};
    for (let at = 0; at < 60; at += 1) {
      const next = client.room('hall').join({ meta: at });
      leave();
      leave = next;
      await world.clock.advance(250);
    }
    await world.clock.advance(6000);
    expect(asked(world, 'POST /rooms/hall/join').length).toBeLessThan(7);
    expect(world.server.room('hall').members).toMatchObject([{ userId: 'me', meta: [59] }]);
  });

  it('S20: are not read anew for what the session says there', async () => {
    const { world, client } = await start();
    const before = asked(world, 'GET /rooms/hall').length;
    client.room('hall').join({ meta: 1 });
    await world.clock.advance(6000);
    expect(world.server.room('hall').members).toMatchObject([{ meta: [1] }]);
    expect(asked(world, 'GET /rooms/hall')).toHaveLength(before);
  });

  it('each say what the session says there after five seconds, whatever is said in others', async () => {
    const { world, client } = await start();
    await world.clock.advance(6000);
    client.room('hall').join({ meta: 0 });
    await world.clock.advance(4000);
    client.room('attic').join();
    client.room('hall').join({ meta: 1 });
    await world.clock.advance(500);
    client.room('attic').join({ meta: 1 });
    await world.clock.advance(800);
    expect(world.server.room('hall').members).toMatchObject([{ meta: [1] }]);
  });

  it('that are none are errors, and the others go on', async () => {
    const world = createWorld();
    const { client } = world.open({ transport: 'http' });
    const codes: string[] = [];
    client.on('error', ({ code }) => codes.push(code));
    client.room('half a character \ud83d').join();
    client.room('attic\nhall').join();
    client.room('hall').join();
    await world.clock.advance(3000);
    expect(codes).toEqual(['invalid_request', 'invalid_request']);
    expect(client.room('hall').getSnapshot().count).toBe(1);
    expect(world.server.room('attic').members).toEqual([]);
  });

  it('that may not be had are errors, and the link goes on', async () => {
    const world = createWorld();
    const { client } = world.open({ transport: 'http' });
    const codes: string[] = [];
    client.on('error', ({ code }) => codes.push(code));
    world.server.refuse('/rooms/vault/join', { status: 404, code: 'not_found' });
    client.room('vault').join();
    client.room('hall').join();
    await world.clock.advance(3000);
    expect(codes).toEqual(['not_found']);
    expect(client.room('vault').getSnapshot().synced).toBe(false);
    expect(client.room('hall').getSnapshot().count).toBe(1);
    expect(client.getConnection().status).toBe('connected');
  });
});
