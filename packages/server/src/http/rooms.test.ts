import type { CountAnswer, OnlineAnswer, RoomAnswer } from '@presence/core/protocol';
import { describe, expect, it } from 'vitest';
import { createAskedNode, type AskedNode } from '../testing/asked-node.ts';
import type { Principal } from '../types.ts';

const as = (userId: string, more: Partial<Principal> = {}) => ({ as: { userId, ...more } });

/** Opens a session of the user; its id. */
const open = async (node: AskedNode, userId: string, more: Partial<Principal> = {}) =>
  (await node.beat({}, as(userId, more))).json.sessionId;

const join = (node: AskedNode, userId: string, sessionId: string, room: string, meta?: unknown) =>
  node.ask(`POST /rooms/${room}/join`, { ...as(userId), body: { sessionId, meta } });

/** A session of each of these in the room. */
const inRoom = async (node: AskedNode, room: string, ...userIds: string[]) => {
  const sessions: Record<string, string> = {};
  for (const userId of userIds) {
    sessions[userId] = await open(node, userId);
    expect((await join(node, userId, sessions[userId], room)).status).toBe(204);
  }
  return sessions;
};

const roomOf = async (node: AskedNode, room: string, query = '', userId = 'ada') =>
  (await node.ask(`GET /rooms/${room}${query}`, as(userId))).json as RoomAnswer;

const names = ({ members }: RoomAnswer): string[] => members.map(({ userId }) => userId);

describe('rooms over HTTP', () => {
  it('S13: have members who come and go, each once however many sessions they have', async () => {
    const node = createAskedNode();
    const { ada } = await inRoom(node, 'kitchen', 'ada', 'bob');
    const again = await open(node, 'ada');
    await join(node, 'ada', again, 'kitchen');
    const room = await roomOf(node, 'kitchen');
    expect(names(room)).toEqual(['ada', 'bob']);
    expect(room).toMatchObject({ room: 'kitchen', count: 2, typing: [] });
    const leave = (sessionId?: string) =>
      node.ask('POST /rooms/kitchen/leave', { ...as('ada'), body: { sessionId } });
    await leave(ada);
    expect(names(await roomOf(node, 'kitchen'))).toEqual(['ada', 'bob']);
    expect((await leave(again)).status).toBe(204);
    expect((await leave(again)).status).toBe(204);
    expect(names(await roomOf(node, 'kitchen'))).toEqual(['bob']);
  });

  it('S14: are told page by page', async () => {
    const node = createAskedNode();
    await inRoom(node, 'kitchen', 'ada', 'bob', 'cem');
    await inRoom(node, 'attic', 'dee');
    const first = await roomOf(node, 'kitchen', '?limit=2');
    expect([names(first), first.count]).toEqual([['ada', 'bob'], 3]);
    const cursor = encodeURIComponent(first.nextCursor ?? '');
    const last = await roomOf(node, 'kitchen', `?limit=2&cursor=${cursor}`);
    expect([names(last), last.nextCursor]).toEqual([['cem'], undefined]);
    const other = await node.ask(`GET /rooms/attic?cursor=${cursor}`);
    expect(other).toMatchObject({ status: 400, json: { error: { code: 'invalid_request' } } });
  });

  it('are lists and counts of those who are online, too', async () => {
    const node = createAskedNode();
    await inRoom(node, 'kitchen', 'ada', 'bob');
    await open(node, 'cem');
    const online = (await node.ask('GET /online?room=kitchen')).json as OnlineAnswer;
    expect(online.presences.map(({ userId }) => userId)).toEqual(['ada', 'bob']);
    const count = (await node.ask('GET /online/count?room=kitchen')).json as CountAnswer;
    expect(count).toMatchObject({ count: 2, byStatus: { online: 2 } });
    expect((await node.presence.list({ room: 'kitchen' })).presences).toHaveLength(2);
    expect((await node.presence.count({ room: 'kitchen' })).count).toBe(2);
    expect((await node.presence.count()).count).toBe(3);
  });

  it('know what sessions say of themselves there', async () => {
    const node = createAskedNode();
    const { ada = '' } = await inRoom(node, 'kitchen', 'ada', 'bob');
    await join(node, 'ada', ada, 'kitchen', { page: 2 });
    expect((await roomOf(node, 'kitchen')).members).toMatchObject([
      { userId: 'ada', meta: [{ page: 2 }] },
      { userId: 'bob', status: 'online' },
    ]);
    expect((await join(node, 'ada', ada, 'kitchen', 'x'.repeat(254))).status).toBe(204);
    expect((await join(node, 'ada', ada, 'kitchen', 'é'.repeat(128))).status).toBe(400);
    expect((await join(node, 'ada', ada, 'kitchen', 'x'.repeat(255))).status).toBe(400);
  });

  it('let in whom the principal and the application let in, and tell others nothing', async () => {
    const node = createAskedNode({
      security: { authorize: (_, action, { room }) => room !== 'vault' || action === 'room:read' },
    });
    const ada = await open(node, 'ada');
    const gone = { status: 404, json: { error: { code: 'not_found' } } };
    expect(await join(node, 'ada', ada, 'vault')).toMatchObject(gone);
    expect((await node.ask('GET /rooms/vault')).status).toBe(200);
    const listed = as('ada', { rooms: ['kitchen'] });
    const body = { sessionId: ada };
    expect((await node.ask('POST /rooms/kitchen/join', { ...listed, body })).status).toBe(204);
    for (const line of [
      'GET /rooms/attic',
      'GET /online?room=attic',
      'GET /online/count?room=attic',
    ]) {
      expect(await node.ask(line, listed), line).toMatchObject(gone);
    }
    expect(await node.ask('POST /rooms/attic/join', { ...listed, body })).toMatchObject(gone);
  });

  it('S12: take in no session that is not the caller’s', async () => {
    const node = createAskedNode();
    const ada = await open(node, 'ada');
    expect(await join(node, 'bob', ada, 'kitchen')).toMatchObject({
      status: 409,
      json: { error: { code: 'session_gone' } },
    });
  });

  it('S1, S13: lose whose session in them has ended, though nobody noticed yet, and the user goes on', async () => {
    const node = createAskedNode();
    // Between two rounds of the reaper, which come each second.
    await node.clock.advance(500);
    await inRoom(node, 'kitchen', 'ada', 'bob');
    await node.clock.advance(60_000);
    const other = await open(node, 'ada');
    await join(node, 'ada', other, 'attic');
    const { leaseMs } = (await node.beat({}, as('viewer'))).json;
    await node.clock.advance(leaseMs - 60_000 + 100);
    expect((await node.presence.get('ada')).status).toBe('online');
    expect(await roomOf(node, 'kitchen', '', 'viewer')).toMatchObject({ members: [], count: 0 });
    expect(names(await roomOf(node, 'attic', '', 'viewer'))).toEqual(['ada']);
  });

  it('S15: of one name in two tenants are two', async () => {
    const node = createAskedNode();
    await inRoom(node, 'kitchen', 'ada');
    const other = await node.ask('GET /rooms/kitchen', as('eve', { tenant: 'other' }));
    expect(other.json).toMatchObject({ members: [], count: 0 });
  });
});

describe('typing over HTTP', () => {
  const type = (node: AskedNode, userId: string, sessionId: string | undefined, state = true) =>
    node.ask('POST /rooms/kitchen/typing', { ...as(userId), body: { sessionId, state } });

  const typing = async (node: AskedNode) =>
    (await roomOf(node, 'kitchen', '', 'bob')).typing.map(({ userId }) => userId);

  it('is told for as long as the policy says, and no longer', async () => {
    const node = createAskedNode();
    const { ada } = await inRoom(node, 'kitchen', 'ada', 'bob');
    expect(await typing(node)).toEqual([]);
    expect((await type(node, 'ada', ada)).status).toBe(204);
    expect(await typing(node)).toEqual(['ada']);
    await node.clock.advance(5999);
    expect(await typing(node)).toEqual(['ada']);
    await node.clock.advance(1);
    expect(await typing(node)).toEqual([]);
  });

  it('ends when it is sent, and when the typist leaves', async () => {
    const node = createAskedNode();
    const { ada, bob } = await inRoom(node, 'kitchen', 'ada', 'bob');
    await typing(node);
    await type(node, 'ada', ada);
    await type(node, 'bob', bob);
    expect(await typing(node)).toEqual(['ada', 'bob']);
    await type(node, 'ada', ada, false);
    expect(await typing(node)).toEqual(['bob']);
    await node.ask('POST /rooms/kitchen/leave', { ...as('bob'), body: { sessionId: bob } });
    expect(await typing(node)).toEqual([]);
  });

  it('S17: is not told of who hides', async () => {
    const node = createAskedNode();
    const { ada } = await inRoom(node, 'kitchen', 'ada', 'bob');
    await typing(node);
    await type(node, 'ada', ada);
    await node.ask('PUT /me/visibility', { body: { visibility: 'hidden' } });
    expect(await typing(node)).toEqual([]);
    expect((await type(node, 'ada', ada)).status).toBe(204);
    expect(await typing(node)).toEqual([]);
  });

  it('is for sessions in the room, and not without end', async () => {
    const node = createAskedNode({ security: { limits: { typingPerMinute: 2 } } });
    const { ada } = await inRoom(node, 'kitchen', 'ada', 'bob');
    expect((await type(node, 'bob', ada)).status).toBe(404);
    await type(node, 'ada', ada);
    await type(node, 'ada', ada);
    expect(await type(node, 'ada', ada)).toMatchObject({
      status: 429,
      json: { error: { code: 'rate_limited' } },
    });
  });

  it('S20: is listened for only while somebody asks', async () => {
    const node = createAskedNode();
    const { ada } = await inRoom(node, 'kitchen', 'ada', 'bob');
    await typing(node);
    await node.clock.advance(90_000);
    await type(node, 'ada', ada);
    expect(await typing(node)).toEqual([]);
  });
});
