import { describe, expect, it } from 'vitest';
import type { JoinRoom, LeaveRoom } from '../commands.ts';
import { nodeLease } from '../lease.ts';
import { isMember, metasIn, roomsOf } from '../rooms.ts';
import { scopesOf } from '../scopes.ts';
import { claimOf, leaveOf, openHttp, openSocket } from '../testing/commands-of.ts';
import { createOneUser, type OneUser } from '../testing/one-user.ts';

const join = (room: string, more: Partial<JoinRoom> = {}): JoinRoom => ({
  type: 'join-room',
  sessionId: 's',
  room,
  meta: null,
  ...more,
});

const leave = (room: string, more: Partial<LeaveRoom> = {}): LeaveRoom => ({
  type: 'leave-room',
  sessionId: 's',
  room,
  ...more,
});

const inRoom = (...rooms: string[]): OneUser => {
  const user = createOneUser();
  user.ok(openHttp('s'));
  for (const room of rooms) user.ok(join(room));
  return user;
};

const scopes = (user: OneUser) => scopesOf(user.read()!);

describe('rooms', () => {
  it('are lists that the user stands in, while a session is in them', () => {
    const user = inRoom('kitchen', 'attic');
    expect(scopes(user)).toEqual(['t', 'r:attic', 'r:kitchen']);
    user.ok(openHttp('t'));
    user.ok(join('kitchen', { sessionId: 't' }));
    user.ok(leave('kitchen'));
    expect(isMember(user.read(), 'kitchen')).toBe(true);
    user.ok(leave('kitchen', { sessionId: 't' }));
    expect(isMember(user.read(), 'kitchen')).toBe(false);
    expect(scopes(user)).toEqual(['t', 'r:attic']);
  });

  it('change nothing that others see of the user, and no version', () => {
    const user = createOneUser();
    user.ok(openHttp('s'));
    const before = user.shown();
    const { write } = user.ok(join('kitchen'));
    expect(write?.steps).toEqual([]);
    expect(user.shown()).toEqual(before);
  });

  it('S19: joining and leaving again change nothing', () => {
    const user = inRoom('kitchen');
    expect(user.ok(join('kitchen')).write).toBeNull();
    user.ok(leave('kitchen'));
    expect(user.ok(leave('kitchen')).write).toBeNull();
  });

  it('know what each session says of itself there', () => {
    const user = inRoom('kitchen');
    user.ok(join('kitchen', { meta: '{"page":1}' }));
    user.ok(openHttp('t'));
    user.ok(join('kitchen', { sessionId: 't', meta: '2' }));
    expect(metasIn(user.read()!, 'kitchen')).toEqual(['{"page":1}', '2']);
    user.ok(join('kitchen'));
    expect(metasIn(user.read()!, 'kitchen')).toEqual(['2']);
  });

  it('end with the session', () => {
    const user = inRoom('kitchen');
    user.ok(openHttp('t'));
    user.ok(leaveOf('s'));
    expect(isMember(user.read(), 'kitchen')).toBe(false);
    expect(user.read()?.public.status).toBe('online');
  });

  it('stay through a reconnect, but for those that the new login may not be in', () => {
    const user = inRoom('kitchen', 'attic');
    const node = nodeLease('a', 1);
    user.lease(node, 86_400_000);
    user.ok(openSocket('s', node, { resume: true }));
    expect(roomsOf(user.read()!.sessions[0]!).map(({ room }) => room)).toEqual([
      'kitchen',
      'attic',
    ]);
    user.ok(openSocket('s', node, { resume: true, allowedRooms: ['attic'] }));
    expect(scopes(user)).toEqual(['t', 'r:attic']);
    user.ok(openSocket('s', node, { resume: true, allowedRooms: [] }));
    expect(user.read()!.sessions[0]).not.toHaveProperty('rooms');
  });

  it('L5: come back with a session that its node attaches again', () => {
    const user = createOneUser();
    const node = nodeLease('a', 1);
    user.lease(node, 86_400_000);
    const rooms = [{ room: 'kitchen', meta: null }];
    const back = { sessionId: 's', generation: 1, lease: node, idleMs: null, device: null };
    user.ok({ type: 'reattach', ...back, openedAt: 0, rooms });
    expect(isMember(user.read(), 'kitchen')).toBe(true);
  });

  it('S12: take nobody in by a connection that was replaced, a session that ended or one that leaves', () => {
    const user = inRoom('kitchen');
    expect(user.run(join('attic', { generation: 2 }))).toMatchObject({ code: 'session_gone' });
    expect(user.run(join('attic', { sessionId: 'made-up' }))).toMatchObject({
      code: 'session_gone',
    });
    user.ok(leaveOf('s', { graceMs: 5000 }));
    expect(user.run(join('attic'))).toMatchObject({ code: 'session_gone' });
    expect(user.run(leave('kitchen'))).toMatchObject({ code: 'session_gone' });
  });

  it('S12: are closed to the session of requests without a client', () => {
    const user = createOneUser();
    user.ok({ type: 'touch' });
    expect(user.run(join('kitchen', { sessionId: 'touch' }))).toMatchObject({
      code: 'session_gone',
    });
  });

  it('S20: are fifty for each session', () => {
    const user = inRoom(...Array.from({ length: 50 }, (_, index) => `room ${index}`));
    expect(user.run(join('one more'))).toMatchObject({ code: 'invalid_request' });
    expect(user.run(join('room 7', { meta: '1' }))).toMatchObject({ ok: true });
  });

  it('S17: do not show who hides, nor who is offline', () => {
    const user = inRoom('kitchen');
    user.ok({ type: 'visibility', visibility: 'hidden' });
    expect(isMember(user.read(), 'kitchen')).toBe(false);
    expect(scopes(user)).toEqual(['t', 'h:online']);
    user.ok({ type: 'visibility', visibility: 'visible' });
    expect(isMember(user.read(), 'kitchen')).toBe(true);
    user.ok(claimOf('offline', { source: 'admin' }));
    expect(isMember(user.read(), 'kitchen')).toBe(false);
  });

  it('S11: are closed to a blocked account', () => {
    const user = inRoom('kitchen');
    user.ok({ type: 'account', account: 'banned' });
    expect(isMember(user.read(), 'kitchen')).toBe(false);
    expect(user.run(join('kitchen'))).toMatchObject({ code: 'account_blocked' });
  });
});
