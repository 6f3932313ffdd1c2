import { describe, expect, it } from 'vitest';
import type { Command, Reattach } from '../commands.ts';
import { isSharedLease, nodeLease } from '../lease.ts';
import { DEFAULT_POLICY } from '../policy.ts';
import { beatOf, claimOf, openHttp, openSocket } from '../testing/commands-of.ts';
import { createOneUser, START, type OneUser } from '../testing/one-user.ts';
import { apply } from './apply.ts';
import { TOUCH_SESSION } from '../record.ts';

const NODE = nodeLease('a', 1);
const OTHER = nodeLease('b', 1);
const MINUTE = 60_000;

const withNodes = (user: OneUser = createOneUser()): OneUser => {
  user.lease(NODE, 365 * 86_400_000);
  user.lease(OTHER, 365 * 86_400_000);
  return user;
};
const sessionsOf = (user: OneUser) => user.read()?.sessions ?? [];
const leaseOf = (user: OneUser, id: string): string =>
  sessionsOf(user).find((session) => session.id === id)?.lease ?? '';

describe('reattach', () => {
  const reattach = (more: Partial<Reattach> = {}): Reattach => ({
    type: 'reattach',
    sessionId: 's',
    generation: 1,
    lease: OTHER,
    idleMs: null,
    device: 'web',
    openedAt: START,
    ...more,
  });

  it('L5: a session comes back after the store lost it', () => {
    const user = withNodes();
    user.ok(reattach());
    expect(user.shown().status).toBe('online');
    expect(sessionsOf(user)[0]).toMatchObject({ id: 's', generation: 1, device: 'web', seq: 0 });
    expect(user.ok(reattach()).write).toBeNull();
  });

  it('a living session moves to the new lease without a transition', () => {
    const user = withNodes();
    user.ok(openSocket('s', NODE, { idleMs: MINUTE, device: 'web' }));
    user.wait(500);
    const { write } = user.ok(reattach({ idleMs: MINUTE + 400 }));
    expect(write).toMatchObject({ holds: [OTHER], steps: [] });
  });

  it('S12: not over the connection that came after it', () => {
    const user = withNodes();
    user.ok(openSocket('s', NODE));
    user.ok(openSocket('s', NODE, { resume: true }));
    expect(user.refusal(reattach())).toBe('session_gone');
  });

  it.each([
    ['blocked', { type: 'account', account: 'banned' }, {}, 'account_blocked'],
    ['signed out', { type: 'sign-out' }, {}, 'signed_out'],
    ['an old login', { type: 'sign-out' }, { issuedAt: START, openedAt: START + 5 }, 'signed_out'],
  ] as const)('S12: not once the user is %s', (_, command, more, code) => {
    const user = withNodes();
    user.wait(1);
    user.ok(command);
    expect(user.refusal(reattach(more))).toBe(code);
  });
});

describe('touch', () => {
  it('an authenticated request keeps its user online for a lease', () => {
    const user = createOneUser();
    user.ok({ type: 'touch' });
    user.wait(DEFAULT_POLICY.leaseMs - 1);
    expect(user.shown().status).toBe('online');
    user.wait(1);
    expect(user.shown()).toMatchObject({ status: 'offline', since: user.now() });
  });

  it('S6: of somebody who declared themselves away changes nothing that others see', () => {
    const user = createOneUser();
    user.ok({ type: 'touch' });
    user.ok(claimOf('away'));
    const { version } = user.shown();
    user.wait(DEFAULT_POLICY.leaseMs / 2);
    expect(user.ok({ type: 'touch' }).write?.steps).toEqual([]);
    expect(user.shown()).toMatchObject({ status: 'away', version });
  });

  it('is written at most each quarter of the lease, and only extends it', () => {
    const user = createOneUser();
    user.ok({ type: 'touch' });
    const lease = leaseOf(user, TOUCH_SESSION);
    user.wait(DEFAULT_POLICY.leaseMs / 4 - 1);
    expect(user.ok({ type: 'touch' }).write).toBeNull();
    user.wait(1);
    const { write } = user.ok({ type: 'touch' });
    expect(write).toMatchObject({ steps: [], grant: [{ id: lease, forMs: 120_000 }] });
    expect(user.read()?.activeAt).toBe(user.now());
    user.wait(DEFAULT_POLICY.leaseMs - 1);
    expect(user.shown().status).toBe('online');
  });

  it('S3: a write that only extends a lease is not valid beyond the end of that lease', () => {
    const user = createOneUser();
    user.ok({ type: 'touch' });
    user.wait(DEFAULT_POLICY.leaseMs - 300);
    expect(user.ok({ type: 'touch' }).write?.validUntil).toBe(user.now() + 300);
  });

  it('takes a new lease once the former ended', () => {
    const user = createOneUser();
    user.ok({ type: 'touch' });
    const lease = leaseOf(user, TOUCH_SESSION);
    user.wait(DEFAULT_POLICY.leaseMs);
    user.ok({ type: 'touch' });
    expect(leaseOf(user, TOUCH_SESSION)).not.toBe(lease);
  });

  it('yields to every real session, and writes nothing while one lives', () => {
    const user = createOneUser();
    user.ok({ type: 'touch' });
    user.wait(5000);
    user.ok(openHttp('s', { idleMs: MINUTE }));
    expect(sessionsOf(user).map(({ id }) => id)).toEqual(['s']);
    expect(user.ok({ type: 'touch' }).write).toBeNull();
    expect(user.shown()).toMatchObject({ status: 'away', lastActiveAt: START });
  });

  it('S16: the end of its lease is no activity', () => {
    const user = createOneUser();
    user.ok({ type: 'touch' });
    user.wait(DEFAULT_POLICY.leaseMs);
    expect(user.shown()).toMatchObject({ lastSeenAt: user.now(), lastActiveAt: START });
  });

  it('S12: a client that calls itself by its name gets nowhere', () => {
    const user = createOneUser();
    user.ok({ type: 'touch' });
    expect(user.refusal(openHttp(TOUCH_SESSION, { resume: true }))).toBe('session_gone');
    expect(user.refusal(beatOf(TOUCH_SESSION, null, { idleMs: MINUTE }))).toBe('session_gone');
    expect(createOneUser().refusal(openHttp(TOUCH_SESSION))).toBe('session_gone');
    expect(user.shown().status).toBe('online');
  });

  it('S15: no two users share a lease, whatever their ids hold', () => {
    const lease = (tenant: string, userId: string): string | undefined => {
      const loaded = { key: { tenant, userId }, record: null, leases: new Map<string, number>() };
      const applied = apply(loaded, { type: 'touch' }, START, DEFAULT_POLICY);
      return applied.record?.sessions[0]?.lease;
    };
    const leases = [lease('a', 'b:c'), lease('a:b', 'c'), lease('a', 'b'), lease('1:a', 'b')];
    expect(new Set(leases).size).toBe(leases.length);
    expect(leases.every((id) => id !== undefined && !isSharedLease(id))).toBe(true);
  });
});

describe('sign-out', () => {
  it('L9: ends every session; logins issued before are refused, later ones are not', () => {
    const user = withNodes();
    user.ok(openHttp('s'));
    user.ok(openSocket('t', NODE));
    user.wait(1000);
    user.ok({ type: 'sign-out' });
    expect(user.shown()).toMatchObject({ status: 'offline', since: user.now() });
    for (const command of [openHttp('u'), beatOf('s', 1), { type: 'touch' }, claimOf('busy')]) {
      const issued = (issuedAt: number) => ({ ...command, issuedAt }) as Command;
      expect(user.refusal(issued(user.now() - 1))).toBe('signed_out');
      expect(user.refusal(issued(user.now()))).not.toBe('signed_out');
    }
  });

  it('of one session leaves the others, and every login', () => {
    const user = createOneUser();
    user.ok(openHttp('s'));
    user.ok(openHttp('t'));
    user.ok({ type: 'sign-out', sessionId: 's' });
    expect(sessionsOf(user).map(({ id }) => id)).toEqual(['t']);
    expect(user.read()?.signedOutAt).toBeNull();
    expect(user.ok({ type: 'sign-out', sessionId: 's' }).write).toBeNull();
  });

  it('S19: repeated at the same instant it writes nothing', () => {
    const user = createOneUser();
    user.ok({ type: 'sign-out' });
    expect(user.ok({ type: 'sign-out' }).write).toBeNull();
    user.wait(-1000);
    user.ok({ type: 'sign-out' });
    expect(user.read()?.signedOutAt).toBe(START);
  });
});

describe('a blocked account', () => {
  it.each([
    ['open', openHttp('u')],
    ['beat', beatOf('s', 1)],
    ['touch', { type: 'touch' }],
    ['claim', claimOf('busy')],
    ['release', { type: 'release', source: 'user' }],
    ['visibility', { type: 'visibility', visibility: 'hidden' }],
  ] as const)('S11: its %s is refused and writes nothing', (_, command) => {
    const user = createOneUser();
    user.ok(openHttp('s'));
    user.ok({ type: 'account', account: 'suspended' });
    const { revision } = user.loaded().record ?? {};
    expect(user.refusal(command)).toBe('account_blocked');
    expect(user.loaded().record?.revision).toBe(revision);
  });

  it.each(['suspended', 'banned', 'inactive', 'pending'] as const)(
    'S11: %s reads offline from the acknowledgement on, whatever is claimed',
    (account) => {
      const user = createOneUser();
      user.ok(claimOf('busy', { source: 'admin', holdsAbsent: true }));
      user.ok(openHttp('s'));
      user.wait(1000);
      user.ok({ type: 'account', account });
      expect(user.shown()).toMatchObject({ status: 'offline', lastSeenAt: user.now() });
      expect(user.shown('true').status).toBe('offline');
      user.ok(claimOf('online', { source: 'admin', holdsAbsent: true }));
      expect(user.shown().status).toBe('offline');
      user.ok({ type: 'account', account: 'active' });
      expect(user.shown().status).toBe('online');
      expect(user.refusal(beatOf('s', 1))).toBe('session_gone');
    },
  );
});
