import type { PresenceError } from '@presence/core';
import type { JoinFrame, Json } from '@presence/core/protocol';
import { describe, expect, it } from 'vitest';
import { createWorld, type OpenedPage, type World } from './testing/world.ts';

const joins = (world: World) =>
  world.server.frames.flatMap(({ frame }) => (frame.type === 'join' ? [frame] : []));

const metas = (world: World): unknown[] => joins(world).map(({ meta }: JoinFrame) => meta);

/** What others see of the page under test. */
const seen = (world: World): readonly Json[] | undefined =>
  world.server.room('kitchen').members.find(({ userId }) => userId === 'me')?.meta;

const open = async (world: World, options: Parameters<World['open']>[0] = {}) => {
  const page = world.open(options);
  await world.clock.advance(3000);
  return page;
};

/** Says another thing in the room, as an application does: joins anew, then leaves the join before. */
const sayer = ({ client }: OpenedPage) => {
  let leave = (): void => {};
  return {
    say(meta: Json | undefined): void {
      const next = client.room('kitchen').join({ meta });
      leave();
      leave = next;
    },
    leave: () => leave(),
  };
};

describe('what a session says of itself in a room', () => {
  it('goes with its join, changes there, and is told to whoever is in it', async () => {
    const world = createWorld();
    const page = await open(world);
    const { say, leave } = sayer(page);
    say({ page: 1 });
    await world.clock.advance(20);
    expect(seen(world)).toEqual([{ page: 1 }]);
    const room = page.client.room('kitchen');
    expect(room.getSnapshot().members).toMatchObject([{ userId: 'me', meta: [{ page: 1 }] }]);
    const shown: boolean[] = [];
    room.subscribe(() => shown.push(room.getSnapshot().synced));
    say({ page: 2 });
    await world.clock.advance(1000);
    expect(seen(world)).toEqual([{ page: 2 }]);
    expect(shown).toEqual([true]);
    expect(room.getSnapshot().members).toMatchObject([{ userId: 'me', meta: [{ page: 2 }] }]);
    expect(metas(world)).toEqual([{ page: 1 }, { page: 2 }]);
    leave();
    await world.clock.advance(20);
    expect(world.server.room('kitchen').members).toEqual([]);
  });

  it('is said again on the next link, and taken back by whoever says nothing any more', async () => {
    const world = createWorld();
    const page = await open(world);
    page.client.room('kitchen').join();
    const unsay = page.client.room('kitchen').join({ meta: 'here' });
    await world.clock.advance(20);
    expect(metas(world)).toEqual(['here']);
    world.server.closeSockets(1006);
    await world.clock.advance(5000);
    expect(metas(world)).toEqual(['here', 'here']);
    unsay();
    await world.clock.advance(1000);
    expect(seen(world)).toBeUndefined();
    expect(world.server.room('kitchen').count).toBe(1);
  });

  it('S20: is told once a second however often it changes, and ends as it was said last', async () => {
    const world = createWorld();
    const { say } = sayer(await open(world));
    for (let at = 0; at < 300; at += 1) {
      say({ cursor: at });
      await world.clock.advance(16);
    }
    await world.clock.advance(1000);
    expect(joins(world).length).toBeLessThan(8);
    expect(seen(world)).toEqual([{ cursor: 299 }]);
  });

  it('S20: is asked again where the server could not take it, in the same watch', async () => {
    const world = createWorld();
    const { say } = sayer(await open(world));
    world.server.refuseFrames('join', { code: 'store_unavailable', retryable: true });
    say('here');
    await world.clock.advance(20);
    expect(seen(world)).toBeUndefined();
    world.server.refuseFrames('join', null);
    await world.clock.advance(6000);
    expect(seen(world)).toEqual(['here']);
    const watches = world.server.frames.filter(({ frame }) => frame.type === 'watch');
    expect(watches).toHaveLength(1);
  });

  it('is of all tabs what was said last, then what was said before it, whichever tab leads', async () => {
    const world = createWorld();
    const pages = [await open(world), await open(world), await open(world)];
    const [first, second, third] = pages.map(sayer);
    third!.say('third');
    await world.clock.advance(2000);
    second!.say('second');
    await world.clock.advance(2000);
    first!.say('first');
    await world.clock.advance(2000);
    expect(seen(world)).toEqual(['first']);
    pages[0]!.tab.close();
    await world.clock.advance(5000);
    expect(seen(world)).toEqual(['second']);
    second!.leave();
    await world.clock.advance(2000);
    expect(seen(world)).toEqual(['third']);
    third!.say('third again');
    await world.clock.advance(2000);
    expect(seen(world)).toEqual(['third again']);
    const late = await open(world);
    late.client.room('kitchen').join();
    await world.clock.advance(2000);
    expect(late.client.room('kitchen').getSnapshot().members).toMatchObject([
      { userId: 'me', meta: ['third again'] },
    ]);
    for (const { client } of [...pages, late]) client.stop();
    await world.clock.advance(200_000);
    expect(world.clock.pending()).toBe(0);
  });
});

describe('what may not be said in a room', () => {
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;

  it.each([
    ['too much', 'x'.repeat(255)],
    ['too much in bytes', 'é'.repeat(128)],
    ['a circle', circle],
    ['a bigint', 1n],
  ])('%s: one error, in the tab that said it, which is in the room without', async (_, meta) => {
    const world = createWorld();
    const pages = [await open(world), await open(world)];
    const errors: [tab: number, PresenceError][] = [];
    pages.forEach(({ client }, tab) => client.on('error', (error) => errors.push([tab, error])));
    for (const [tab, { client }] of pages.entries()) {
      client.room('kitchen').join({ meta: 'fits' });
      await world.clock.advance(2000);
      const leave = client.room('kitchen').join({ meta: meta as Json });
      await world.clock.advance(2000);
      expect(errors.splice(0)).toMatchObject([[tab, { code: 'invalid_request' }]]);
      expect(seen(world)).toEqual(['fits']);
      leave();
    }
    expect(pages[0]!.client.getConnection().status).toBe('connected');
  });

  it('said again in a later join: one error more', async () => {
    const world = createWorld();
    const { client } = await open(world);
    const errors: PresenceError[] = [];
    client.on('error', (error) => errors.push(error));
    for (let join = 0; join < 2; join += 1) {
      const leave = client.room('kitchen').join({ meta: 1n as never });
      await world.clock.advance(1000);
      leave();
      await world.clock.advance(1000);
    }
    expect(errors).toHaveLength(2);
  });

  it('nothing: is no error', async () => {
    const world = createWorld();
    const { client } = await open(world);
    const errors: PresenceError[] = [];
    client.on('error', (error) => errors.push(error));
    client.room('kitchen').join({});
    client.room('kitchen').join({ meta: undefined });
    client.room('kitchen').join(undefined);
    client.room('kitchen').join({ meta: 'x'.repeat(254) });
    await world.clock.advance(20);
    expect(errors).toEqual([]);
    expect(seen(world)).toEqual(['x'.repeat(254)]);
  });
});
