import type { PresenceError } from '@presence/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWorld, type World } from './testing/world.ts';
import type { PresenceClientOptions } from './types.ts';

/* What comes from outside may be anything: the client says what is wrong with it, or steps down, and the page goes on. */

const YEAR = 365 * 24 * 3_600_000;

/** What the page would be told of errors that nobody caught. */
const uncaught: unknown[] = [];
const note = (error: unknown): void => void uncaught.push(error);
beforeEach(() => void process.on('unhandledRejection', note));
afterEach(() => {
  process.off('unhandledRejection', note);
  expect(uncaught.splice(0)).toEqual([]);
});

/** The text of an answer, whatever was asked. */
const answering = (status: number, text: string): Response =>
  ({
    ok: status < 300,
    status,
    headers: new Headers({ 'content-type': 'text/html' }),
    body: null,
    text: async () => text,
    json: async () => JSON.parse(text) as unknown,
  }) as unknown as Response;

const open = (world: World, options: Partial<PresenceClientOptions> = {}) => {
  const page = world.open(options);
  const errors: PresenceError[] = [];
  page.client.on('error', (error) => errors.push(error));
  return { ...page, errors };
};

/** A page behind something that answers in the server's place for as long as it is asked to. */
const behind = (world: World, text: string, options: Partial<PresenceClientOptions> = {}) => {
  const { options: own } = world.browser.openTab();
  const portal = { answers: true };
  const fetched: typeof fetch = (input, init) =>
    portal.answers ? Promise.resolve(answering(200, text)) : own.fetch(input, init);
  return { portal, ...open(world, { fetch: fetched, ...options }) };
};

describe('answers that are not the server’s', () => {
  it.each([
    ['a captive portal', '<!doctype html><title>Sign in to the Wi-Fi</title>', 'auto'],
    ['the same, over HTTP', '<!doctype html><title>Sign in to the Wi-Fi</title>', 'http'],
    ['JSON that says nothing', 'null', 'auto'],
    ['the same, over HTTP', 'null', 'http'],
    ['JSON of something else', '[1, 2]', 'auto'],
    ['no text at all', '', 'auto'],
  ] as const)(
    'L7: %s: %s, %s: goes on trying, and is back once it is let through',
    async (_what, text, transport) => {
      const world = createWorld();
      const { client, portal, errors } = behind(world, text, { transport });
      client.watch(['ada']);
      await world.clock.advance(60_000);
      expect(client.getConnection().status).toMatch(/connecting/);
      expect(client.getPresence('ada').status).toBe('unknown');
      portal.answers = false;
      await world.clock.advance(40_000);
      expect(client.getConnection()).toMatchObject({ status: 'connected', error: null });
      expect(client.getPresence('ada').status).toBe('offline');
      expect(errors).toEqual([]);
    },
  );
});

describe('a server of another version', () => {
  it('says what the client does not know: nothing comes of it', async () => {
    const world = createWorld();
    const { client } = open(world);
    client.watch(['ada']);
    await world.clock.advance(10);
    world.server.set('ada', { status: 'busy' });
    world.server.say({ type: 'weather', rain: true } as never);
    world.server.say({ type: 'ack', ref: 999_999 });
    await world.clock.advance(1000);
    expect(client.getConnection().status).toBe('connected');
    expect(client.getPresence('ada').status).toBe('busy');
  });

  it('adds fields: they are dropped or passed on, and nothing breaks', async () => {
    const world = createWorld();
    const { client } = open(world);
    client.watch(['ada']);
    await world.clock.advance(10);
    const row = ['ada', 'away', 9e15, 1, null, { mood: 'fine' }, 'more'];
    world.server.say({ type: 'changes', presences: [row], asOf: 9e15, colour: 1 } as never);
    await world.clock.advance(10);
    expect(client.getPresence('ada').status).toBe('away');
  });

  it.each([
    ['no rows', { type: 'changes', asOf: 1 }],
    ['rows that are none', { type: 'changes', presences: [null], asOf: 1 }],
    ['nothing', null],
  ])('sends a frame with %s: that link ends, and the next one is tried', async (_what, frame) => {
    const world = createWorld();
    const { client } = open(world);
    client.watch(['ada']);
    await world.clock.advance(10);
    world.server.set('ada', { status: 'busy' });
    world.server.say(frame as never);
    await world.clock.advance(40_000);
    expect(client.getConnection().status).toBe('connected');
    expect(client.getPresence('ada').status).toBe('busy');
    expect(world.server.sockets()).toBe(1);
  });
});

describe('tokens', () => {
  it.each(['websocket', 'http'] as const)(
    'that never come: over %s nothing waits for ever, and a later one is used',
    async (transport) => {
      const world = createWorld();
      const { options } = world.browser.openTab();
      let comes = true;
      const fetched: typeof fetch = async (input, init) => {
        if (!comes) await new Promise(() => {});
        return options.fetch(input, init);
      };
      const { client } = open(world, { fetch: fetched, transport });
      client.watch(['ada']);
      await world.clock.advance(1000);
      expect(client.getConnection().status).toBe('connected');
      comes = false;
      if (transport === 'websocket') world.server.closeSockets(1006);
      await world.clock.advance(180_000);
      expect(client.getConnection().status).toBe('reconnecting');
      expect(client.getPresence('ada').status).toBe('unknown');
      comes = true;
      await world.clock.advance(60_000);
      expect(client.getConnection().status).toBe('connected');
    },
  );

  it('that cannot be had, thrown at once or later, are tried again', async () => {
    const world = createWorld();
    const { options } = world.browser.openTab();
    let tries = 0;
    const fetched: typeof fetch = (input, init) => {
      tries += 1;
      if (tries === 1) throw new Error('No token.');
      return tries === 2 ? Promise.reject(new Error('No token.')) : options.fetch(input, init);
    };
    const { client } = open(world, { fetch: fetched });
    await world.clock.advance(10_000);
    expect(client.getConnection()).toMatchObject({ status: 'connected', error: null });
  });

  it('that expire under way: a few logins, then it is stopped until the next start', async () => {
    const world = createWorld();
    const { client, errors } = open(world);
    await world.clock.advance(10);
    world.server.refuse('/ticket', { status: 401, code: 'unauthenticated' });
    world.server.closeSockets(4401, 'unauthenticated');
    await world.clock.advance(120_000);
    expect(client.getConnection().status).toBe('stopped');
    expect(errors.map(({ code }) => code)).toEqual(['unauthenticated']);
    world.server.refuse('/ticket', null);
    client.start();
    await world.clock.advance(10);
    expect(client.getConnection().status).toBe('connected');
  });
});

describe('clocks', () => {
  it.each([-30 * YEAR, 30 * YEAR])('S18: one that is %i ms off changes nothing', async (offMs) => {
    const world = createWorld();
    const { clock } = world;
    const { options } = world.browser.openTab();
    const own = options.testing.clock!;
    const off = { now: () => own.now() + offMs, after: own.after.bind(own) };
    const { client } = open(world, { testing: { ...options.testing, clock: off } });
    client.watch(['ada']);
    await clock.advance(10);
    world.server.set('ada', { status: 'busy' });
    await clock.advance(1000);
    expect(client.getPresence('ada').status).toBe('busy');
    expect(client.getPresence('ada').asOf).toBeLessThanOrEqual(clock.now());
    await clock.advance(6 * 60_000);
    expect(client.getIdle().idle).toBe(true);
    world.browser.goOffline();
    await clock.advance(61_000);
    expect(client.getPresence('ada').status).toBe('unknown');
  });
});

describe('watches', () => {
  it('S20: a hundred thousand ids: as many as there is room for, one error, and the others are unknown', async () => {
    const world = createWorld();
    const { client, errors } = open(world);
    const ids = Array.from({ length: 100_000 }, (_, index) => `user-${index}`);
    const cancel = client.watch(ids);
    await world.clock.advance(60_000);
    expect(errors.map(({ code }) => code)).toEqual(['invalid_options']);
    expect(client.getPresence('user-18999').status).toBe('offline');
    expect(client.getPresence('user-99999').status).toBe('unknown');
    cancel();
    client.watch(['user-99999']);
    await world.clock.advance(60_000);
    expect(client.getPresence('user-99999').status).toBe('offline');
    expect(client.getConnection().status).toBe('connected');
  });
});

describe('callbacks of the application', () => {
  it('that throw, of the activity source as well, are told as errors or ignored, and nothing stops', async () => {
    const world = createWorld();
    const { client, errors } = open(world);
    const bad = vi.fn<() => void>(() => {
      throw new Error('from the page');
    });
    client.subscribe(bad);
    client.subscribeUser('ada', bad);
    client.on('presence', bad);
    client.on('error', bad);
    client.watch(['ada']);
    await world.clock.advance(10);
    world.server.set('ada', { status: 'busy' });
    await world.clock.advance(1000);
    expect(bad).toHaveBeenCalled();
    expect(errors.every(({ code }) => code === 'internal')).toBe(true);
    expect(client.getPresence('ada').status).toBe('busy');
    expect(client.getConnection().status).toBe('connected');
  });
});
