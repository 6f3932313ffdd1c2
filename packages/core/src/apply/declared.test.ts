import { describe, expect, it } from 'vitest';
import { nodeLease } from '../lease.ts';
import { DEFAULT_POLICY, resolvePolicy } from '../policy.ts';
import { beatOf, claimOf, leaveOf, openHttp, openSocket } from '../testing/commands-of.ts';
import { createOneUser, START } from '../testing/one-user.ts';

const NODE = nodeLease('a', 1);
const online = (...options: Parameters<typeof createOneUser>) => {
  const user = createOneUser(...options);
  user.ok(openHttp('s', { lease: { ownForMs: 86_400_000 } }));
  return user;
};

describe('claim', () => {
  it('shows its status, message and emoji until it ends', () => {
    const user = online();
    user.ok(claimOf('busy', { message: 'lunch', emoji: '🍜', forMs: 5000 }));
    expect(user.shown()).toMatchObject({ status: 'busy', message: 'lunch', emoji: '🍜' });
    user.wait(5000);
    expect(user.shown()).toEqual({
      userId: 'ada',
      status: 'online',
      since: START + 5000,
      lastSeenAt: null,
      version: START + 5000,
    });
  });

  it('S8: holds through heartbeats, reconnects and closed tabs, and another shows when it ends', () => {
    const user = online();
    user.ok(claimOf('dnd'));
    user.ok(claimOf('busy', { source: 'call', forMs: 60_000 }));
    user.ok(beatOf('s', 1));
    user.ok(leaveOf('s'));
    user.lease(NODE, 120_000);
    user.ok(openSocket('t', NODE));
    expect(user.shown().status).toBe('busy');
    user.wait(60_000);
    expect(user.shown()).toMatchObject({ status: 'dnd', since: START + 60_000 });
    user.ok({ type: 'release', source: 'user' });
    expect(user.shown().status).toBe('online');
    expect(user.ok({ type: 'release', source: 'user' }).write).toBeNull();
  });

  it('replaces what its source claimed before', () => {
    const user = online();
    user.ok(claimOf('busy', { message: 'a' }));
    user.wait(10);
    user.ok(claimOf('busy', { message: 'b' }));
    expect(user.read()?.claims).toHaveLength(1);
    expect(user.shown()).toMatchObject({ message: 'b', since: START, version: START + 10 });
  });

  it.each([
    ['no end', {}],
    ['an end', { until: START + 9000 }],
    ['a duration', { forMs: 9000 }],
    ['a text', { message: 'lunch', emoji: '🍜' }],
  ])('S19: with %s, repeated at the same instant it writes nothing', (_, more) => {
    const user = online();
    user.ok(claimOf('busy', more));
    expect(user.ok(claimOf('busy', more)).write).toBeNull();
    expect(user.ok(claimOf('dnd', more)).write).not.toBeNull();
  });

  it('another end is no repeat', () => {
    const user = online();
    user.ok(claimOf('busy', { forMs: 5000 }));
    user.ok(claimOf('busy', { forMs: 9000 }));
    user.wait(5000);
    expect(user.shown().status).toBe('busy');
    user.ok(claimOf('busy'));
    user.wait(5000);
    expect(user.shown().status).toBe('busy');
  });

  it('whoever is offline shows no words', () => {
    const user = online();
    user.ok(claimOf('offline', { source: 'admin', message: 'left', emoji: '🍜' }));
    expect(user.shown('true')).not.toHaveProperty('message');
    expect(user.shown('true')).not.toHaveProperty('emoji');
  });

  it.each([
    ['ends now', claimOf('busy', { until: START })],
    ['ends before it began', claimOf('busy', { forMs: 0 })],
    ['ends never, by accident', claimOf('busy', { forMs: Number.NaN })],
    ['ends at no instant', claimOf('busy', { forMs: Number.POSITIVE_INFINITY })],
    ['ends between two instants', claimOf('busy', { until: START + 0.5 })],
    ['is offline', claimOf('offline')],
    ['is offline, from the application', claimOf('offline', { source: 'crm' })],
  ])('is refused where it %s', (_, command) => {
    const user = online();
    expect(user.refusal(command)).toBe('invalid_request');
    expect(user.read()?.claims).toEqual([]);
  });

  it('S20: at most maxClaims sources; each may replace its own', () => {
    const user = online({ policy: resolvePolicy({ maxClaims: 2 }) });
    user.ok(claimOf('busy', { source: 'a' }));
    user.ok(claimOf('busy', { source: 'b' }));
    expect(user.refusal(claimOf('busy', { source: 'c' }))).toBe('invalid_request');
    user.ok(claimOf('dnd', { source: 'b' }));
  });

  it('only an admin takes a user offline, or shows one who is absent', () => {
    const user = online();
    user.wait(10);
    user.ok(claimOf('offline', { source: 'admin' }));
    expect(user.shown()).toMatchObject({ status: 'offline', lastSeenAt: START + 10 });
    const absent = createOneUser();
    absent.ok(claimOf('busy', { source: 'user', holdsAbsent: true }));
    absent.ok(claimOf('busy', { source: 'admin' }));
    expect(absent.shown()).toMatchObject({ status: 'offline', since: null, version: 0 });
  });

  it('what the application says does not depend on the login of the user', () => {
    const user = online();
    user.ok({ type: 'account', account: 'pending' });
    user.ok(claimOf('busy', { source: 'calendar' }));
    user.ok({ type: 'release', source: 'calendar' });
    expect(user.shown().status).toBe('offline');
  });
});

describe('visibility', () => {
  const hidden = { type: 'visibility', visibility: 'hidden' } as const;
  const visible = { type: 'visibility', visibility: 'visible' } as const;

  it('S17: a hidden user is someone who left at the moment of hiding, whatever follows', () => {
    const user = online();
    user.wait(1000);
    user.ok(hidden);
    const gone = {
      userId: 'ada',
      status: 'offline',
      since: START + 1000,
      lastSeenAt: START + 1000,
      lastActiveAt: START + 1000,
      version: START + 1000,
    };
    expect(user.shown()).toEqual(gone);
    user.wait(1000);
    user.ok(claimOf('busy', { message: 'secret' }));
    user.wait(1000);
    user.ok(leaveOf('s'));
    expect(user.shown()).toEqual(gone);
    expect(user.shown('true')).toMatchObject({ status: 'offline', lastSeenAt: START + 3000 });
    expect(user.writes.map(({ status }) => status).slice(1)).toEqual([
      'offline',
      'offline',
      'offline',
    ]);
  });

  it('S17: who shows themselves while offline stays as they were', () => {
    const user = online();
    user.ok(hidden);
    const gone = user.shown();
    user.wait(1000);
    user.ok(leaveOf('s'));
    user.wait(1000);
    user.ok(visible);
    expect(user.shown()).toEqual(gone);
    user.wait(1000);
    user.ok(openHttp('t'));
    expect(user.shown()).toMatchObject({ status: 'online', since: START + 3000 });
    expect(user.shown()).toEqual(user.shown('true'));
  });

  it('S4: who shows themselves while online begins then, for others', () => {
    const user = online();
    user.wait(1000);
    user.ok(hidden);
    user.wait(1000);
    user.ok(visible);
    expect(user.shown()).toMatchObject({ since: START + 2000, version: START + 2000 });
    expect(user.shown('true')).toMatchObject({ since: START, version: START });
    user.wait(1000);
    user.ok(claimOf('online', { message: 'hi' }));
    expect(user.shown()).toMatchObject({ since: START + 2000, version: START + 3000 });
    expect(user.shown('true')).toMatchObject({ since: START, version: START + 3000 });
  });

  it('S17: input that nobody could see is not older once it can be', () => {
    const user = online();
    user.wait(60_000);
    user.ok(hidden);
    user.ok(visible);
    user.wait(1000);
    user.ok(beatOf('s', 1, { idleMs: 50_000 }));
    expect(user.shown()).toMatchObject({ status: 'away', lastActiveAt: START + 60_000 });
  });

  it('S16: who only a claim showed was not seen when it was hidden', () => {
    const user = online();
    user.ok(leaveOf('s'));
    user.wait(1000);
    user.ok(claimOf('busy', { source: 'admin', holdsAbsent: true }));
    user.wait(1000);
    user.ok(hidden);
    expect(user.shown()).toMatchObject({ since: START + 2000, lastSeenAt: START });
  });

  it('S19: repeated it writes nothing', () => {
    const user = online();
    expect(user.ok(visible).write).toBeNull();
    user.ok(hidden);
    expect(user.ok(hidden).write).toBeNull();
  });

  it('the policy may forbid hiding, and never showing', () => {
    const user = online({ policy: { ...DEFAULT_POLICY, mayHide: false } });
    expect(user.refusal(hidden)).toBe('forbidden');
    expect(user.refusal(visible)).toBeNull();
  });
});

describe('account', () => {
  it('S19: the same state once more writes nothing; another does, unseen', () => {
    const user = online();
    user.ok({ type: 'account', account: 'banned' });
    expect(user.ok({ type: 'account', account: 'banned' }).write).toBeNull();
    expect(user.ok({ type: 'account', account: 'suspended' }).write?.steps).toEqual([]);
    expect(user.ok({ type: 'account', account: 'active' }).write?.steps).toEqual([]);
  });

  it('S11: blocking drops the leases of every session', () => {
    const user = online();
    user.lease(NODE, 60_000);
    user.ok(openSocket('t', NODE));
    const { write } = user.ok({ type: 'account', account: 'banned' });
    expect(write).toMatchObject({ holds: [], solo: '', status: 'offline', deadline: null });
    expect(write?.steps).toMatchObject([{ status: 'offline', cause: 'account' }]);
  });

  it('S11: unblocking shows nobody until they come back', () => {
    const user = online();
    user.ok(claimOf('busy'));
    user.ok({ type: 'account', account: 'banned' });
    user.wait(1000);
    user.ok({ type: 'account', account: 'active' });
    expect(user.shown()).toMatchObject({ status: 'offline', since: START });
    user.ok(openHttp('t'));
    expect(user.shown().status).toBe('busy');
  });
});

describe('forget', () => {
  it('deletes everything, once', () => {
    const user = online();
    user.ok(claimOf('busy'));
    expect(user.ok({ type: 'forget' }).write).toMatchObject({ record: null, holds: [] });
    expect(user.loaded().record).toBeNull();
    expect(user.ok({ type: 'forget' }).write).toBeNull();
    expect(user.shown()).toEqual({
      userId: 'ada',
      status: 'offline',
      since: null,
      lastSeenAt: null,
      version: 0,
    });
  });
});
