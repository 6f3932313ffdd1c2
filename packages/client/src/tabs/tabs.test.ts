import { describe, expect, it } from 'vitest';
import { createWorld, type World } from '../testing/world.ts';

const two = async (world: World) => {
  const first = world.open();
  await world.clock.advance(10);
  const second = world.open();
  await world.clock.advance(10);
  return [first, second] as const;
};

const byes = (world: World) =>
  world.server.frames.flatMap(({ frame }) => (frame.type === 'bye' ? [frame.reason] : []));

describe('tabs of one browser', () => {
  it('share one session and one connection', async () => {
    const world = createWorld();
    world.server.set('ada', { status: 'online' });
    const [first, second] = await two(world);
    expect(world.server.sockets()).toBe(1);
    expect(world.server.sessions.size).toBe(1);
    expect(first.client.getConnection()).toMatchObject({ role: 'leader', transport: 'websocket' });
    expect(second.client.getConnection()).toEqual({
      status: 'connected',
      transport: 'tab',
      role: 'follower',
      error: null,
    });
    expect(second.client.getMe()).toEqual(first.client.getMe());
    second.client.watch(['ada']);
    second.client.watchOnline();
    await world.clock.advance(10);
    expect(second.client.getPresence('ada').status).toBe('online');
    expect(second.client.getOnline()).toMatchObject({ synced: true, count: 2 });
    world.server.set('ada', { status: 'away' });
    await world.clock.advance(10);
    expect(second.client.getPresence('ada').status).toBe('away');
  });

  it('watch the union, by reference counts', async () => {
    const world = createWorld();
    const [first, second] = await two(world);
    const cancels = [
      first.client.watch(['ada', 'bob']),
      first.client.watch(['bob']),
      second.client.watch(['bob', 'cy']),
    ];
    await world.clock.advance(2000);
    const sent = () =>
      world.server.frames.flatMap(({ frame }) =>
        frame.type === 'watch' ? [{ add: frame.add, remove: frame.remove }] : [],
      );
    expect(sent()).toEqual([
      { add: ['ada', 'bob'], remove: undefined },
      { add: ['cy'], remove: undefined },
    ]);
    cancels[0]!();
    cancels[1]!();
    cancels[0]!();
    await world.clock.advance(2000);
    expect(sent().at(-1)).toEqual({ add: undefined, remove: ['ada'] });
    second.tab.crash();
    await world.clock.advance(2000);
    expect(sent().at(-1)).toEqual({ add: undefined, remove: ['bob', 'cy'] });
  });

  it('a tab that joins shows at once what the others know', async () => {
    const world = createWorld();
    world.server.set('ada', { status: 'busy' });
    const [first] = await two(world);
    first.client.watch(['ada']);
    await world.clock.advance(10);
    const frames = world.server.frames.length;
    const third = world.open();
    third.client.watch(['ada']);
    await world.clock.advance(10);
    expect(third.client.getPresence('ada').status).toBe('busy');
    expect(world.server.frames).toHaveLength(frames);
  });

  it('L2: the next one resumes the session when the leader closes', async () => {
    const world = createWorld();
    const [first, second] = await two(world);
    const [sessionId] = world.server.sessions.keys();
    const statuses: string[] = [];
    second.client.on('me', ({ status }) => statuses.push(status));
    const shown: string[] = [];
    second.client.on('connection', ({ status }) => shown.push(status));
    first.tab.close();
    await world.clock.advance(10_000);
    expect(shown).toEqual(['reconnecting', 'connected']);
    expect(byes(world)).toEqual(['closed']);
    expect(second.client.getConnection()).toMatchObject({ status: 'connected', role: 'leader' });
    expect([...world.server.sessions.keys()]).toEqual([sessionId]);
    expect(statuses).toEqual([]);
  });

  it('L2: the next one resumes the session when the leader crashes', async () => {
    const world = createWorld();
    const [first, second] = await two(world);
    const [sessionId] = world.server.sessions.keys();
    first.tab.crash();
    await world.clock.advance(30_000);
    expect(second.client.getConnection()).toMatchObject({ status: 'connected', role: 'leader' });
    expect([...world.server.sessions.keys()]).toEqual([sessionId]);
    expect(world.server.row('me').status).toBe('online');
  });

  it('L2: a page that is left for another of the same site is never offline', async () => {
    const world = createWorld();
    const page = world.open();
    await world.clock.advance(10);
    const [sessionId] = world.server.sessions.keys();
    page.tab.close();
    await world.clock.advance(2000);
    world.open();
    await world.clock.advance(10_000);
    expect([...world.server.sessions.keys()]).toEqual([sessionId]);
    expect(world.server.row('me').status).toBe('online');
  });

  it('replace a leader that is frozen, which follows when it wakes', async () => {
    const world = createWorld();
    const [first, second] = await two(world);
    const [sessionId] = world.server.sessions.keys();
    first.tab.hide();
    first.tab.freeze();
    await world.clock.advance(15_000);
    expect(second.client.getConnection()).toMatchObject({ status: 'connected', role: 'leader' });
    expect([...world.server.sessions.keys()]).toEqual([sessionId]);
    first.tab.resume();
    first.tab.show();
    await world.clock.advance(5000);
    expect(first.client.getConnection()).toMatchObject({ status: 'connected', role: 'follower' });
    expect(second.client.getConnection()).toMatchObject({ status: 'connected', role: 'leader' });
    expect([...world.server.sessions.keys()]).toEqual([sessionId]);
    expect(world.server.sockets()).toBe(1);
    expect(byes(world)).toEqual([]);
    second.tab.close();
    await world.clock.advance(1000);
    expect(first.client.getConnection()).toMatchObject({ status: 'connected', role: 'leader' });
  });

  it('do not replace a leader that is only hidden', async () => {
    const world = createWorld();
    const [first, second] = await two(world);
    const roles: unknown[] = [];
    second.client.on('connection', ({ role }) => roles.push(role));
    first.tab.hide();
    await world.clock.advance(1_800_000);
    expect(first.client.getConnection().role).toBe('leader');
    expect(roles).toEqual([]);
    expect(world.server.sockets()).toBe(1);
  });

  it('all hidden for hours, and all asleep for hours, still have one leader and one session', async () => {
    const world = createWorld();
    const [first, second] = await two(world);
    const third = world.open();
    const [sessionId] = world.server.sessions.keys();
    const tabs = [first, second, third];
    for (const { tab } of tabs) tab.hide();
    await world.clock.advance(7_200_000);
    expect([...world.server.sessions.keys()]).toEqual([sessionId]);
    world.browser.sleep();
    await world.clock.advance(7_200_000);
    world.browser.wake();
    tabs[2]!.tab.show();
    await world.clock.advance(60_000);
    expect(tabs.filter(({ client }) => client.getConnection().role === 'leader')).toHaveLength(1);
    expect(tabs.map(({ client }) => client.getConnection().status)).toEqual(
      tabs.map(() => 'connected'),
    );
    expect(world.server.sessions.size).toBe(1);
  });

  it('whoever looks at one of them makes a hidden leader prove its link', async () => {
    const world = createWorld();
    const [first, second] = await two(world);
    first.tab.hide();
    second.tab.hide();
    await world.clock.advance(20_000);
    world.browser.goOffline('silently');
    await world.clock.advance(20_000);
    expect(second.client.getConnection().status).toBe('connected');
    second.tab.show();
    await world.clock.advance(12_000);
    expect(second.client.getConnection().status).toBe('reconnecting');
  });

  it('S18: who takes over trusts what it heard no longer than from when it heard it', async () => {
    const world = createWorld();
    const [first, second] = await two(world);
    second.client.watch(['ada']);
    await world.clock.advance(10);
    world.browser.goOffline('silently');
    first.tab.crash();
    await world.clock.advance(58_000);
    expect(second.client.getConnection().role).toBe('leader');
    expect(second.client.getPresence('ada').status).toBe('offline');
    await world.clock.advance(4000);
    expect(second.client.getPresence('ada').status).toBe('unknown');
  });

  it('a page that comes long after the last one asks for no old session', async () => {
    const world = createWorld();
    const page = world.open();
    await world.clock.advance(10);
    page.tab.close();
    await world.clock.advance(3_600_000);
    world.open();
    await world.clock.advance(10);
    const hellos = world.server.frames.filter(({ frame }) => frame.type === 'hello');
    expect(hellos).toHaveLength(2);
    expect(hellos[1]!.frame).not.toHaveProperty('sessionId');
  });

  it('commands of a follower resolve and reject in that tab', async () => {
    const world = createWorld();
    const [, second] = await two(world);
    const set = second.client.setStatus('dnd', { message: 'no' });
    await world.clock.advance(10);
    await set;
    expect(second.client.getMe()).toMatchObject({ status: 'dnd', message: 'no' });
  });

  it('S19: a command survives the change of the leader', async () => {
    const world = createWorld();
    const [first, second] = await two(world);
    first.tab.freeze();
    const set = second.client.setStatus('busy');
    await world.clock.advance(14_000);
    await set;
    expect(world.server.row('me').status).toBe('busy');
  });

  it('any tab signs out all of them, which stay stopped', async () => {
    const world = createWorld();
    const [first, second] = await two(world);
    const out = second.client.signOut();
    await world.clock.advance(10);
    await out;
    expect(world.server.sessions.size).toBe(0);
    expect(world.server.row('me').status).toBe('offline');
    for (const { client } of [first, second]) {
      expect(client.getConnection()).toMatchObject({ status: 'stopped', error: null });
    }
    await world.clock.advance(600_000);
    expect(world.server.sockets()).toBe(0);
    expect(world.browser.storage.size).toBe(0);
    second.client.start();
    await world.clock.advance(10);
    expect(second.client.getConnection()).toMatchObject({ status: 'connected', role: 'leader' });
    expect(first.client.getConnection().status).toBe('stopped');
  });

  it('are in the page cache without socket, lock or channel, and come back', async () => {
    const world = createWorld();
    const page = world.open();
    await world.clock.advance(10);
    const [sessionId] = world.server.sessions.keys();
    page.tab.enterPageCache();
    await world.clock.advance(2000);
    expect(world.browser.leftovers()).toEqual({ locks: 0, channels: 0 });
    expect(page.tab.leftovers().sockets).toBe(0);
    expect(world.server.sockets()).toBe(0);
    page.tab.leavePageCache();
    await world.clock.advance(10);
    expect(page.client.getConnection().status).toBe('connected');
    expect([...world.server.sessions.keys()]).toEqual([sessionId]);
    page.tab.enterPageCache();
    await world.clock.advance(3_600_000);
    expect(world.server.row('me').status).toBe('offline');
    page.tab.leavePageCache();
    await world.clock.advance(1000);
    expect(page.client.getConnection().status).toBe('connected');
    expect(world.server.row('me').status).toBe('online');
  });

  it('S18: whoever comes back from it keeps knowing themselves, though the one that leads watches nobody', async () => {
    const { clock, open } = createWorld();
    const first = open();
    first.client.watch(['ada']);
    await clock.advance(10);
    first.tab.enterPageCache();
    const second = open();
    await clock.advance(10);
    expect(second.client.getMe().asOf).toBe(clock.now() - 10);
    first.tab.leavePageCache();
    await clock.advance(120_000);
    expect(first.client.getConnection()).toMatchObject({ status: 'connected', role: 'follower' });
    expect(first.client.getMe().status).toBe('online');
  });

  it('S15: two users in one browser are never mixed', async () => {
    const world = createWorld();
    const first = world.open();
    await world.clock.advance(10);
    const other = world.open({ userId: 'other' });
    await world.clock.advance(10);
    expect(first.client.getConnection()).toMatchObject({ status: 'connected', role: 'leader' });
    // The server knows this browser as `me`: the second client must not pass for somebody else.
    expect(other.client.getConnection().error?.code).toBe('identity_mismatch');
    expect(first.client.getConnection().status).toBe('connected');
  });

  it.each([['locks'], ['channels']] as const)('without %s each stands alone', async (missing) => {
    const world = createWorld({ without: [missing] });
    const [first, second] = await two(world);
    for (const { client } of [first, second]) {
      expect(client.getConnection()).toMatchObject({ status: 'connected', role: 'leader' });
    }
    expect(world.server.sessions.size).toBe(2);
    await world.clock.advance(60_000);
    expect(world.server.sockets()).toBe(2);
  });

  it.each([['locks'], ['channels']] as const)(
    'with %s that refuse each stands alone',
    async (bad) => {
      const world = createWorld({ refusing: [bad] });
      const [first, second] = await two(world);
      for (const { client } of [first, second]) {
        expect(client.getConnection()).toMatchObject({ status: 'connected', role: 'leader' });
        client.stop();
      }
      expect(world.browser.leftovers()).toEqual({ locks: 0, channels: 0 });
      expect(first.tab.leftovers()).toEqual({ timers: 0, listeners: 0, sockets: 0 });
    },
  );

  it('with storage that refuses the tabs share all the same', async () => {
    const world = createWorld({ refusing: ['storage'] });
    await two(world);
    expect(world.server.sockets()).toBe(1);
    world.server.closeSockets(1006);
    await world.clock.advance(2000);
    expect(world.server.sessions.size).toBe(1);
  });

  it('S18: a leader that wakes after an hour shows nothing of then as true', async () => {
    const world = createWorld();
    world.server.set('ada', { status: 'online' });
    const [first] = await two(world);
    first.client.watch(['ada']);
    await world.clock.advance(10);
    first.tab.freeze();
    await world.clock.advance(3_600_000);
    world.server.set('ada', { status: 'offline' });
    const seen: string[] = [];
    first.client.on('presence', ({ status }) => seen.push(status));
    expect(first.client.getPresence('ada').status).toBe('online');
    world.browser.goOffline('silently');
    first.tab.resume();
    await world.clock.advance(30_000);
    expect(seen).toEqual(['unknown']);
    world.browser.goOnline();
    await world.clock.advance(120_000);
    expect(seen.at(-1)).toBe('offline');
  });

  it('without storage the tabs share and a new page starts a new session', async () => {
    const world = createWorld({ without: ['storage'] });
    const [first, second] = await two(world);
    expect(world.server.sockets()).toBe(1);
    first.tab.close();
    await world.clock.advance(10_000);
    expect(second.client.getConnection()).toMatchObject({ status: 'connected', role: 'leader' });
    expect(world.server.row('me').status).toBe('online');
  });

  it('share nothing when they are told not to', async () => {
    const world = createWorld();
    world.open({ shareTabs: false });
    world.open({ shareTabs: false });
    await world.clock.advance(10);
    expect(world.server.sessions.size).toBe(2);
    expect(world.browser.leftovers()).toEqual({ locks: 0, channels: 0 });
  });
});
