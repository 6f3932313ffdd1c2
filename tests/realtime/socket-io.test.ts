import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Presence } from '@presence/core';
import { openPage, startSocketIO, type Application, type Page } from './socket-io-server.ts';

let application: Application;
let pages: Page[] = [];

beforeEach(async () => {
  application = await startSocketIO({
    policy: { grace: { closedMs: 100 } },
    security: { limits: { framesPerSecond: 200 } },
  });
});
afterEach(async () => {
  for (const page of pages) page.close();
  pages = [];
  await application.stop();
});

const open = (user?: string, options: Parameters<typeof openPage>[2] = {}): Page => {
  const page = openPage(application, user, options);
  pages.push(page);
  return page;
};

/** A page whose session has begun. */
const join = async (user: string, options?: Parameters<typeof openPage>[2]) => {
  const page = open(user, options);
  const answer = await page.ask('hello');
  expect(answer).toMatchObject({ ok: true, userId: user });
  return { ...page, sessionId: String(answer['sessionId']) };
};

interface Rows {
  readonly presences: readonly Presence[];
}

const says =
  (userId: string, status: string) =>
  ({ presences }: Rows): boolean =>
    presences.some((row) => row.userId === userId && row.status === status);

describe.each(['websocket', 'polling'] as const)('over %s', (transport) => {
  const options = { transports: [transport], upgrade: false };

  it('L3: one sees another come, change and go, with fields that have names', async () => {
    const ada = await join('ada', options);
    expect(await ada.ask('watch', { id: 'friends', add: ['grace'] })).toEqual({ ok: true });
    const { presences } = await ada.next<Rows>('presence:snapshot');
    expect(presences).toMatchObject([{ userId: 'grace', status: 'offline', lastSeenAt: null }]);
    const grace = await join('grace', options);
    await ada.next('presence:changes', says('grace', 'online'));
    const busy = await grace.ask('status', { status: 'busy', message: 'in a meeting' });
    expect(busy).toEqual({ ok: true });
    const changed = await ada.next<Rows>('presence:changes', says('grace', 'busy'));
    expect(changed.presences[0]).toMatchObject({ message: 'in a meeting' });
    await grace.ask('bye', { reason: 'signed-out' });
    await ada.next('presence:changes', says('grace', 'offline'));
  });

  it('S20: a reader who keeps up with a megabyte is not taken for a slow one', async () => {
    const ada = await join('ada', options);
    const add = Array.from({ length: 200 }, (_, index) => `colleague-number-${index}`);
    for (let round = 0; round < 100; round += 1) {
      const id = `watch-${round}`;
      expect(await ada.ask('watch', { id, add })).toEqual({ ok: true });
      const { watch } = await ada.next<{ watch: string }>('presence:snapshot');
      expect(watch).toBe(id);
      expect(await ada.ask('unwatch', { id })).toEqual({ ok: true });
    }
  });
});

interface RoomRows extends Rows {
  readonly room: string;
  readonly count: number;
}

describe('rooms', () => {
  it('who is in one, who comes and goes, who types, and a meta of each', async () => {
    const [ada, grace] = [await join('ada'), await join('grace')];
    expect(await ada.ask('join', { room: 'kitchen', meta: { page: 1 } })).toEqual({ ok: true });
    expect(await ada.ask('watch', { id: 'k', room: 'kitchen' })).toEqual({ ok: true });
    const first = await ada.next<RoomRows>('presence:snapshot');
    expect(first).toMatchObject({ room: 'kitchen', count: 1, presences: [{ userId: 'ada' }] });
    await grace.ask('join', { room: 'kitchen' });
    await ada.next<RoomRows>('presence:changes', says('grace', 'online'));
    expect(await ada.ask('room', { room: 'kitchen' })).toMatchObject({
      ok: true,
      count: 2,
      members: [{ userId: 'ada', meta: [{ page: 1 }] }, { userId: 'grace' }],
    });
    await grace.ask('typing', { room: 'kitchen', state: true });
    expect(await ada.next('presence:typing')).toMatchObject({ room: 'kitchen', userId: 'grace' });
    await grace.ask('leave', { room: 'kitchen' });
    const { count } = await ada.next<RoomRows>('presence:changes', says('grace', 'gone'));
    expect(count).toBe(1);
  });

  it('a room is one whatever is in its name, and none without one', async () => {
    const ada = await join('ada');
    for (const room of ['a/b', '../online', 'ü?x=1#y', '*', '$&']) {
      expect(await ada.ask('join', { room })).toEqual({ ok: true });
      expect(await ada.ask('room', { room })).toMatchObject({ ok: true, room, count: 1 });
    }
    for (const room of [undefined, '', 'x'.repeat(129)]) {
      expect(await ada.ask('room', { room })).toMatchObject({ ok: false });
    }
  });
});

describe('what is asked once', () => {
  it('one, many, the list and the count', async () => {
    const ada = await join('ada');
    await join('grace');
    const { presences } = await ada.ask('get', { userIds: ['grace', 'nobody'] });
    expect(presences).toMatchObject([
      { userId: 'grace', status: 'online' },
      { userId: 'nobody', status: 'offline', lastSeenAt: null },
    ]);
    const page = await ada.ask('online', { limit: 1 });
    expect(page).toMatchObject({ ok: true, presences: [{ userId: 'ada' }] });
    const rest = await ada.ask('online', { cursor: page['nextCursor'] });
    expect(rest).toMatchObject({ ok: true, presences: [{ userId: 'grace' }] });
    expect(await ada.ask('count')).toMatchObject({ ok: true, count: 2 });
  });

  it('with what is wrong in it: a code and a sentence', async () => {
    const ada = await join('ada');
    for (const [name, fields] of [
      ['get', { userIds: 'grace' }],
      ['get', { userIds: ['grace'], __proto: 1 }],
      ['get', [['grace']]],
      ['online', { limit: -1 }],
      ['online', { cursor: 'forged' }],
      ['online', { tenant: 'other' }],
      ['count', { constructor: {} }],
      ['status', { status: 'offline' }],
      ['status', { status: 'busy', forMs: -1 }],
      ['watch', { id: 'w', add: [''] }],
    ] as const) {
      const { ok, error } = await ada.ask(name, fields);
      expect([name, ok, error?.code]).toEqual([name, false, 'invalid_request']);
      expect(error?.message).toMatch(/\w/);
    }
    expect(await ada.ask('count')).toMatchObject({ ok: true, count: 1 });
  });
});

describe('sessions', () => {
  it('S12: nobody speaks before their hello, and who is not signed in has none', async () => {
    const page = open('ada');
    const before = await page.ask('status', { status: 'busy' });
    expect(before).toMatchObject({ ok: false, error: { code: 'invalid_frame' } });
    const stranger = open();
    expect(await stranger.ask('hello')).toMatchObject({
      ok: false,
      error: { code: 'unauthenticated' },
    });
    expect(await stranger.ask('count')).toMatchObject({
      ok: false,
      error: { code: 'unauthenticated' },
    });
  });

  it('a login that comes with the hello', async () => {
    const page = open();
    const answer = await page.ask('hello', { auth: { user: { id: 'grace' } } });
    expect(answer).toMatchObject({ ok: true, userId: 'grace' });
    expect(await page.ask('get', { userIds: ['grace'] })).toMatchObject({
      presences: [{ status: 'online' }],
    });
  });

  it('several sockets are one user, and the last goodbye counts', async () => {
    const ada = await join('ada');
    await ada.ask('watch', { id: 'w', add: ['grace'] });
    const [one, two] = [await join('grace'), await join('grace')];
    await ada.next('presence:changes', says('grace', 'online'));
    expect(await ada.ask('count')).toMatchObject({ count: 2 });
    await one.ask('bye', { reason: 'signed-out' });
    await two.ask('status', { status: 'away' });
    await ada.next('presence:changes', says('grace', 'away'));
    await two.ask('bye', { reason: 'signed-out' });
    await ada.next('presence:changes', says('grace', 'offline'));
  });

  it('L2: a socket that is lost comes back to its session, and nobody hears of it', async () => {
    const ada = await join('ada');
    await ada.ask('watch', { id: 'w', add: ['grace'] });
    const grace = await join('grace');
    await ada.next('presence:changes', says('grace', 'online'));
    grace.socket.io.engine.close();
    await grace.disconnected;
    const again = open('grace');
    const answer = await again.ask('hello', { sessionId: grace.sessionId });
    expect(answer).toMatchObject({ ok: true, sessionId: grace.sessionId });
    // A change that is told shows that nothing before it was.
    await again.ask('status', { status: 'busy' });
    await ada.next('presence:changes', says('grace', 'busy'));
    expect(ada.heard.filter(({ name }) => name === 'presence:changes')).toEqual([]);
  });

  it('a page that disconnects says goodbye', async () => {
    const grace = await join('grace');
    const isGone = new Promise<void>((resolve) => {
      application.presence.on('change', ({ presence }) => {
        if (presence.userId === 'grace' && presence.status === 'offline') resolve();
      });
    });
    grace.close();
    await isGone;
  });

  it('a second hello on one socket takes the place of the first', async () => {
    const ada = await join('ada');
    const answer = await ada.ask('hello', { sessionId: ada.sessionId });
    expect(answer).toMatchObject({ ok: true, sessionId: ada.sessionId });
    expect(await ada.ask('status', { status: 'busy' })).toEqual({ ok: true });
    expect(await application.presence.count()).toMatchObject({ count: 1 });
  });

  it('S11: who is blocked loses the socket', async () => {
    const ada = await join('ada');
    await application.presence.setAccount('ada', 'suspended');
    expect(await ada.next('presence:closed')).toEqual({ code: 4403, reason: 'account_blocked' });
    expect(await ada.disconnected).toBe('io server disconnect');
    const again = open('ada');
    expect(await again.ask('hello')).toMatchObject({
      ok: false,
      error: { code: 'account_blocked' },
    });
  });

  it('L9: a sign-out everywhere ends each of them', async () => {
    const [one, two] = [await join('ada'), await join('ada')];
    await application.presence.signOut('ada');
    await Promise.all([one.disconnected, two.disconnected]);
    expect(await application.presence.count()).toMatchObject({ count: 0 });
  });

  it('S15: what one tenant does is nothing to another', async () => {
    const ada = await join('ada');
    await ada.ask('watch', { id: 'w', tenant: true });
    const stranger = open('grace', { auth: { user: 'grace', tenant: 'other' } });
    expect(await stranger.ask('hello')).toMatchObject({ ok: true });
    expect(await stranger.ask('count')).toMatchObject({ count: 1 });
    expect(await ada.ask('count')).toMatchObject({ count: 1 });
    expect(await ada.ask('get', { userIds: ['grace'] })).toMatchObject({
      presences: [{ status: 'offline', lastSeenAt: null }],
    });
  });
});

describe('what a socket may not', () => {
  it('a page of another origin does not come in with the cookies of this one', async () => {
    const page = open('ada', {
      extraHeaders: { cookie: 'session=1', origin: 'https://elsewhere.example' },
    });
    expect(await page.ask('hello')).toMatchObject({
      ok: false,
      error: { code: 'origin_refused' },
    });
  });

  it.each([
    ['an event that is none', 'dance', {}, 4400, 'invalid_frame'],
    [
      'a frame that is too long',
      'watch',
      { id: 'w', add: ['x'.repeat(9000)] },
      4400,
      'payload_too_large',
    ],
    [
      'a key that reaches a prototype',
      'status',
      { status: 'busy', constructor: {} },
      4400,
      'invalid_frame',
    ],
  ])('%s ends the link, and the application goes on', async (_, name, fields, code, reason) => {
    const ada = await join('ada');
    const answer = await ada.ask(name, fields);
    expect(answer).toMatchObject({ ok: false, error: { code: reason } });
    expect(await ada.next('presence:closed')).toEqual({ code, reason });
    expect(await ada.socket.emitWithAck('echo', 'hello')).toBe('hello');
    expect(await ada.ask('hello')).toMatchObject({ ok: true });
  });

  it('a flood ends the link', async () => {
    const ada = await join('ada');
    for (let sent = 0; sent < 1000; sent += 1)
      ada.socket.emit('presence:activity', { state: 'active' });
    expect(await ada.next('presence:closed')).toEqual({ code: 4429, reason: 'rate_limited' });
  });

  it('what is no text, no object and no event at all changes nothing', async () => {
    const ada = await join('ada');
    ada.socket.emit('presence', { type: 'status', status: 'busy' });
    ada.socket.emit('presence', 'not for this kind of link');
    ada.socket.emit('presence:', 1, 2, 3);
    ada.socket.emit('presence:get');
    expect(await ada.ask('get', { userIds: ['ada'] })).toMatchObject({ ok: true });
  });
});

describe('attaching', () => {
  it('takes who is there already, and stops', async () => {
    const ada = await join('ada');
    application.detach();
    ada.socket.emit('presence:status', { status: 'busy' });
    expect(await ada.socket.emitWithAck('echo', 1)).toBe(1);
    expect(await application.presence.get('ada')).toMatchObject({ status: 'online' });
  });
});
