import type {
  AdminUserAnswer,
  AdminUsersAnswer,
  AdminWriteAnswer,
  StatsAnswer,
} from '@presence/core/protocol';
import { describe, expect, it } from 'vitest';
import { createAdminNode, ROOT } from '../testing/admin-node.ts';
import { createAskedNode } from '../testing/asked-node.ts';
import type { Principal } from '../types.ts';
import type { Directory } from './types.ts';

const ids = ({ users }: AdminUsersAnswer): string[] => users.map(({ userId }) => userId);

describe('the admin routes', () => {
  it('are not there unless asked for', async () => {
    const { ask } = createAskedNode();
    for (const line of ['GET /admin/users', 'GET /admin/stats', 'PUT /admin/users/ada/status']) {
      expect((await ask(line, { as: ROOT, body: {} })).status).toBe(404);
    }
  });

  it('need to be told who is an admin', () => {
    expect(() => createAskedNode({ admin: true })).toThrow(/admin needs security\.authorize/);
  });

  it.each([
    'GET /admin/users',
    'GET /admin/users/',
    'GET /admin/users/online',
    'GET /admin/users/ada',
    'GET /admin/users/%61da',
    'HEAD /admin/users/ada',
    'GET /admin/stats',
    'PUT /admin/users/ada/status',
    'DELETE /admin/users/ada/status',
    'PUT /admin/users/ada/account',
    'POST /admin/users/ada/disconnect',
    'POST /admin/reap',
  ])('%s is refused to whoever is no admin, and nothing is written', async (line) => {
    const { ask, presence } = createAdminNode();
    await presence.signIn('ada');
    const before = (await presence.explain('ada')).transitions;
    const body = line.includes('account')
      ? { account: 'banned' }
      : line.startsWith('PUT')
        ? { status: 'busy' }
        : {};
    const sent = /^(GET|HEAD|DELETE)/.test(line) ? {} : { body };
    expect((await ask(line, { as: { userId: 'eve' }, ...sent })).status).toBe(403);
    expect((await ask(line, { as: null, ...sent })).status).toBe(401);
    await presence.setAccount('root', 'suspended');
    expect((await ask(line, { as: ROOT, ...sent })).status).toBe(403);
    expect((await presence.explain('ada')).transitions).toEqual(before);
  });

  it('S11: a block is stored when it is answered, and told to the audit', async () => {
    const { as, ask, beat, audited, clock } = createAdminNode();
    const { sessionId } = (await beat()).json;
    const answer = await as<AdminWriteAnswer>('PUT /admin/users/ada/account', {
      account: 'suspended',
    });
    expect(answer.json).toMatchObject({
      durability: 'volatile',
      user: { account: 'suspended', sessions: 0, presence: { status: 'offline' } },
    });
    expect((await beat({ sessionId, seq: 1 })).status).toBe(403);
    expect((await ask('GET /users/ada', { as: ROOT })).json).toMatchObject({ status: 'offline' });
    expect(audited).toEqual([
      {
        at: clock.now(),
        actor: { tenant: 'default', userId: 'root' },
        action: 'admin:account:write',
        target: { tenant: 'default', userId: 'ada' },
        details: { account: 'suspended' },
      },
    ]);
    await as('PUT /admin/users/ada/account', { account: 'active' });
    expect((await beat()).status).toBe(200);
  });

  it('S8: an admin status wins over the own one, and gives way to it at its end', async () => {
    const { as, ask, beat, clock } = createAdminNode();
    await beat();
    await ask('PUT /me/status', { body: { status: 'busy', message: 'mine' } });
    const until = clock.now() + 60_000;
    await as('PUT /admin/users/ada/status', { status: 'offline', message: 'no', until });
    expect((await ask('GET /me')).json).toMatchObject({ presence: { status: 'offline' } });
    await clock.advance(60_000);
    expect((await ask('GET /me')).json).toMatchObject({ presence: { message: 'mine' } });
    await as('PUT /admin/users/ada/status', { status: 'dnd' });
    await as('DELETE /admin/users/ada/status');
    expect((await ask('GET /me')).json).toMatchObject({ presence: { message: 'mine' } });
  });

  it('S10: of two admins with the same ETag one is told that the user has changed', async () => {
    const { as, refused, audited } = createAdminNode();
    const { headers } = await as<AdminUserAnswer>('GET /admin/users/ada');
    expect(headers['etag']).toBe('"0"');
    const match = { 'if-match': headers['etag'] };
    const statuses = await Promise.all(
      ['away', 'busy'].map(
        async (status) => (await as('PUT /admin/users/ada/status', { status }, match)).status,
      ),
    );
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 412]);
    expect(audited).toHaveLength(1);
    const write = (tag: string) =>
      refused('PUT /admin/users/ada/account', { account: 'banned' }, { 'if-match': tag });
    expect(await write(headers['etag'] ?? '')).toEqual([412, 'precondition_failed']);
    for (const tag of ['1', '"x"', 'W/"1"', '"1", "2"', '""', '"-1"', '"1e3"']) {
      expect([tag, ...(await write(tag))]).toEqual([tag, 400, 'invalid_request']);
    }
    expect(await write('*')).toEqual([200, undefined]);
  });

  it('S12: disconnecting ends one session, or all of them with their logins', async () => {
    const { as, beat, clock } = createAdminNode();
    const login = { userId: 'ada', issuedAt: clock.now() };
    const open = async () => (await beat({}, { as: login })).json.sessionId;
    const [one, two] = [await open(), await open()];
    const beats = async (sessionId: string) =>
      (await beat({ sessionId, seq: 1 }, { as: login })).status;
    await clock.advance(1000);
    await as('POST /admin/users/ada/disconnect', { sessionId: one });
    expect([await beats(one), await beats(two)]).toEqual([409, 200]);
    await as('POST /admin/users/ada/disconnect', {});
    expect(await beats(two)).toBe(401);
    expect((await beat({}, { as: login })).status).toBe(401);
  });

  it('S17: lists and counts say what is true, also of those who hide', async () => {
    const { as, ask, beat, presence } = createAdminNode();
    for (const userId of ['ada', 'bob', 'cleo', 'dan']) await beat({}, { as: { userId } });
    await presence.setVisibility('bob', 'hidden');
    await presence.setVisibility('dan', 'hidden');
    await presence.claim('dan', 'busy');
    await presence.signOut('cleo');
    expect((await ask('GET /online/count', { as: ROOT })).json).toMatchObject({ count: 1 });
    const { json } = await as<StatsAnswer>('GET /admin/stats');
    expect(json).toMatchObject({
      count: 3,
      hidden: 2,
      byStatus: { online: 2, busy: 1, offline: 1 },
      node: { connections: 0, isDraining: false },
    });
    const online = (await as<AdminUsersAnswer>('GET /admin/users/online')).json;
    expect(ids(online)).toEqual(['ada', 'bob', 'dan']);
    expect(online.users[1]).toMatchObject({
      presence: { status: 'online' },
      publicStatus: 'offline',
      visibility: 'hidden',
    });
    const gone = (await as<AdminUsersAnswer>('GET /admin/users?status=offline')).json;
    expect(ids(gone)).toEqual(['cleo']);
  });

  it('S14: pages meet everybody once', async () => {
    const { as, presence } = createAdminNode();
    const names = Array.from(
      { length: 23 },
      (_, index) => `user-${String(index).padStart(2, '0')}`,
    );
    for (const [index, name] of names.entries()) {
      await presence.signIn(name);
      if (index % 3 === 0) await presence.setVisibility(name, 'hidden');
    }
    const seen: string[] = [];
    let cursor = '';
    do {
      const { json } = await as<AdminUsersAnswer>(
        `GET /admin/users?status=online,away&limit=4${cursor}`,
      );
      seen.push(...ids(json));
      cursor =
        json.nextCursor === undefined ? '' : `&cursor=${encodeURIComponent(json.nextCursor)}`;
    } while (cursor !== '');
    expect(seen).toEqual(names);
  });

  it('S15: an admin of one tenant reads and changes nothing of another', async () => {
    const { ask, as, presence } = createAdminNode();
    const eve: Principal = { userId: 'eve', tenant: 'other', roles: ['admin'] };
    await presence.signIn('ada');
    const { revision } = (await as<AdminUserAnswer>('GET /admin/users/ada')).json.user;
    expect((await ask('GET /admin/users/ada', { as: eve })).json).toMatchObject({
      user: { revision: 0, presence: { version: 0 } },
    });
    await ask('PUT /admin/users/ada/account', { as: eve, body: { account: 'banned' } });
    expect((await ask('GET /admin/users', { as: eve })).json).toMatchObject({
      users: [{ userId: 'ada', account: 'banned' }],
    });
    expect((await as<AdminUserAnswer>('GET /admin/users/ada')).json.user.revision).toBe(revision);
    const { nextCursor } = (await as<AdminUsersAnswer>('GET /admin/users?limit=1')).json;
    expect(nextCursor).toBeUndefined();
  });

  it('refuse what cannot be, and write nothing', async () => {
    const { refused, audited, presence, clock } = createAdminNode();
    const status = (body: object) => refused('PUT /admin/users/ada/status', body);
    for (const body of [
      {},
      { status: 'gone' },
      { status: 'busy', until: clock.now() - 1 },
      { status: 'busy', until: clock.now() + 1000, forMs: 1000 },
      { status: 'busy', forMs: -1 },
      { status: 'busy', source: 'user' },
      { status: 'busy', ifRevision: 0 },
    ]) {
      expect([body, ...(await status(body))]).toEqual([body, 400, 'invalid_request']);
    }
    expect(await refused('PUT /admin/users/ada/account', { account: 'gone' })).toEqual([
      400,
      'invalid_request',
    ]);
    for (const query of [
      'limit=0',
      'limit=-1',
      'limit=501',
      'status=here',
      'status=online,online',
      'status=',
      'account=gone',
      'cursor=made-up',
      'sort=name',
      'search=a',
      'account=banned',
      `status=${'online,'.repeat(1000)}`,
      Array.from({ length: 1000 }, (_, index) => `f${index}=1`).join('&'),
    ]) {
      const answer = await refused(`GET /admin/users?${query}`);
      expect([query.slice(0, 40), ...answer]).toEqual([query.slice(0, 40), 400, 'invalid_request']);
    }
    expect(audited).toEqual([]);
    expect((await presence.explain('ada')).transitions).toEqual([]);
  });

  it('reap what is due, and say how many went offline', async () => {
    const { as } = createAdminNode();
    expect((await as('POST /admin/reap', {})).json).toEqual({ reaped: 0 });
  });
});

describe('a directory', () => {
  const people = ['ada', 'bob', 'cleo', 'dan', 'eve'].map((userId) => ({
    userId,
    name: userId.toUpperCase(),
  }));
  const directory: Directory = {
    filters: ['search'],
    sorts: ['name', '-name'],
    list: async ({ search = '', sort = 'name', after = '', limit }) => {
      const all = people.filter(({ userId }) => userId.includes(search));
      if (sort === '-name') all.reverse();
      const from = after === '' ? 0 : Number(after);
      const next = from + limit < all.length ? String(from + limit) : null;
      return { users: all.slice(from, from + limit), next };
    },
    get: async (_tenant, userIds) => people.filter(({ userId }) => userIds.includes(userId)),
  };

  it('is joined with presence: those who never came are there as well', async () => {
    const { as, presence } = createAdminNode({ sources: { directory } });
    await presence.signIn('bob');
    const first = (await as<AdminUsersAnswer>('GET /admin/users?limit=2&sort=-name')).json;
    expect(ids(first)).toEqual(['eve', 'dan']);
    const cursor = encodeURIComponent(first.nextCursor ?? '');
    const rest = (
      await as<AdminUsersAnswer>(`GET /admin/users?limit=3&sort=-name&cursor=${cursor}`)
    ).json;
    expect(ids(rest)).toEqual(['cleo', 'bob', 'ada']);
    expect(rest.users[1]).toMatchObject({
      profile: { name: 'BOB' },
      presence: { status: 'online' },
      sessions: 1,
    });
    expect(rest.nextCursor).toBeUndefined();
    const found = (await as<AdminUsersAnswer>('GET /admin/users?search=b')).json;
    expect(ids(found)).toEqual(['bob']);
    const online = (await as<AdminUsersAnswer>('GET /admin/users?status=online')).json;
    expect(online.users).toMatchObject([{ userId: 'bob', profile: { name: 'BOB' } }]);
    expect((await as<AdminUsersAnswer>('GET /admin/users?search=nobody')).json.users).toEqual([]);
  });

  it('S15: whom neither it nor presence knows is nobody, to reads and to writes', async () => {
    const { as, refused, presence, audited } = createAdminNode({ sources: { directory } });
    await presence.tenant('other').signIn('eva');
    const bodies = { status: { status: 'dnd' }, account: { account: 'banned' }, disconnect: {} };
    for (const [line, body] of [
      ['GET /admin/users/eva', undefined],
      ['PUT /admin/users/eva/status', bodies.status],
      ['DELETE /admin/users/eva/status', undefined],
      ['PUT /admin/users/eva/account', bodies.account],
      ['POST /admin/users/eva/disconnect', bodies.disconnect],
    ] as const) {
      expect([line, ...(await refused(line, body))]).toEqual([line, 404, 'not_found']);
    }
    expect(audited).toEqual([]);
    expect((await presence.explain('eva')).sentences).toEqual(['Offline: never seen.']);
    // Who never came, and who is a guest of presence alone.
    expect((await as('PUT /admin/users/ada/status', bodies.status)).status).toBe(200);
    await presence.signIn('guest');
    expect((await as('PUT /admin/users/guest/account', bodies.account)).status).toBe(200);
  });

  it('is asked for nothing that it did not declare', async () => {
    const { as, refused } = createAdminNode({ sources: { directory } });
    for (const query of [
      'account=banned',
      'sort=age',
      'status=online&search=a',
      'status=away&sort=name',
    ]) {
      expect([query, ...(await refused(`GET /admin/users?${query}`))]).toEqual([
        query,
        400,
        'invalid_request',
      ]);
    }
    const { nextCursor = '' } = (await as<AdminUsersAnswer>('GET /admin/users?limit=1')).json;
    const moved = `cursor=${encodeURIComponent(nextCursor)}`;
    expect(await refused(`GET /admin/users?search=a&${moved}`)).toEqual([400, 'invalid_request']);
  });
});

describe('health', () => {
  it('is alive, and ready until it drains', async () => {
    const { ask, presence } = createAskedNode();
    const asked = async (line: string) => {
      const { status, json } = await ask(line, { as: null });
      return [status, json];
    };
    const ok = { status: 'ok', durability: 'volatile' };
    expect(await asked('GET /health/live')).toEqual([200, ok]);
    expect(await asked('GET /health/ready')).toEqual([200, ok]);
    await presence.drain();
    expect(await asked('GET /health/live')).toEqual([200, ok]);
    expect(await asked('GET /health/ready')).toEqual([503, { ...ok, status: 'draining' }]);
  });

  it('is not ready while the store does not answer', async () => {
    const { ask } = createAskedNode({}, (store) => ({
      ...store,
      load: () => Promise.reject(new Error('connection lost')),
    }));
    const { status, json } = await ask('GET /health/ready', { as: null });
    expect([status, json]).toEqual([503, { status: 'store_unavailable', durability: 'volatile' }]);
  });
});
