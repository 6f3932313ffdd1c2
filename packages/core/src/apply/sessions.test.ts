import { describe, expect, it } from 'vitest';
import type { Command } from '../commands.ts';
import { nodeLease, ownLease } from '../lease.ts';
import { DEFAULT_POLICY, resolvePolicy } from '../policy.ts';
import { beatOf, claimOf, leaveOf, openHttp, openSocket } from '../testing/commands-of.ts';
import { createOneUser, START, type OneUser } from '../testing/one-user.ts';

const NODE = nodeLease('a', 1);
const OTHER = nodeLease('b', 1);
const MINUTE = 60_000;

const withNodes = (user: OneUser = createOneUser()): OneUser => {
  user.lease(NODE, 365 * 86_400_000);
  user.lease(OTHER, 365 * 86_400_000);
  return user;
};
const sessionsOf = (user: OneUser) => user.read()?.sessions ?? [];

describe('open', () => {
  it('L3: brings a user online, with an own lease for HTTP', () => {
    const user = createOneUser();
    const { write, session } = user.ok(openHttp('s', { device: 'web' }));
    expect(user.shown()).toEqual({
      userId: 'ada',
      status: 'online',
      since: START,
      lastSeenAt: null,
      devices: ['web'],
      version: START,
    });
    expect(write).toMatchObject({
      base: 0,
      validUntil: START + 2000,
      holds: [ownLease('s', 1)],
      grant: [{ id: ownLease('s', 1), forMs: 120_000 }],
      solo: '',
      status: 'online',
      scopes: ['t'],
      steps: [{ revision: START, version: START, status: 'online', at: START, cause: 'opened' }],
    });
    expect(session).toMatchObject({ generation: 1, openedAt: START, seq: 0, endsAt: null });
  });

  it('a socket hangs on its node: nothing is granted, and the node alone decides', () => {
    const user = withNodes();
    expect(user.ok(openSocket('s', NODE)).write).toMatchObject({
      holds: [NODE],
      grant: [],
      solo: NODE,
    });
    expect(user.ok(openSocket('t', NODE)).write).toMatchObject({ holds: [NODE], solo: NODE });
    expect(user.ok(openSocket('u', OTHER)).write).toMatchObject({ holds: [NODE, OTHER], solo: '' });
  });

  it('S12: an unknown session id never creates a session', () => {
    const user = createOneUser();
    expect(user.refusal(openHttp('s', { resume: true }))).toBe('session_gone');
    expect(user.loaded().record).toBeNull();
  });

  it('S12: a session that lives is not opened a second time as a new one', () => {
    const user = createOneUser();
    user.ok(openHttp('s'));
    expect(user.refusal(openHttp('s'))).toBe('session_gone');
  });

  it('S12: resuming takes the next generation and another lease', () => {
    const user = createOneUser();
    user.ok(openHttp('s', { device: 'web' }));
    user.wait(1000);
    const { write, session } = user.ok(openHttp('s', { resume: true }));
    expect(session).toMatchObject({ generation: 2, openedAt: START, device: 'web' });
    expect(write?.holds).toEqual([ownLease('s', 2)]);
    expect(write?.steps).toEqual([]);
  });

  it('L2: coming back within the grace of a closed page emits nothing', () => {
    const user = createOneUser();
    user.ok(openHttp('s'));
    user.ok(leaveOf('s', { graceMs: 5000 }));
    user.wait(4999);
    user.ok(openHttp('s', { resume: true }));
    user.wait(60_000);
    expect(user.history).toHaveLength(1);
    expect(user.shown()).toMatchObject({ status: 'online', since: START });
  });

  it('S19: a ticket opens one session, once, on resuming too', () => {
    const user = withNodes();
    const ticket = { id: 't1', forMs: 10_000 };
    user.ok(openSocket('s', NODE, { ticket }));
    expect(user.refusal(openSocket('u', NODE, { ticket }))).toBe('ticket_invalid');
    expect(user.refusal(openSocket('s', NODE, { ticket, resume: true }))).toBe('ticket_invalid');
    user.wait(9999);
    expect(user.refusal(openSocket('u', NODE, { ticket }))).toBe('ticket_invalid');
  });

  it('S20: spent tickets are dropped once they could not be used anyway', () => {
    const user = withNodes();
    user.ok(openSocket('s', NODE, { ticket: { id: 't1', forMs: 10_000 } }));
    user.wait(5000);
    user.ok(openSocket('u', NODE, { ticket: { id: 't2', forMs: 10_000 } }));
    user.wait(5000);
    user.ok(claimOf('busy'));
    expect(user.read()?.spent.map(({ id }) => id)).toEqual(['t2']);
  });

  it('S20: spent tickets are at most five for each session that a user may have', () => {
    const user = withNodes(createOneUser({ policy: resolvePolicy({ maxSessions: 2 }) }));
    const open = (n: number): Command =>
      openSocket(`s${n}`, NODE, { ticket: { id: `t${n}`, forMs: 10_000 } });
    for (let n = 0; n < 10; n += 1) user.ok(open(n));
    expect(user.refusal(open(10))).toBe('rate_limited');
    expect(user.read()?.spent).toHaveLength(10);
    user.wait(10_000);
    user.ok(open(10));
    expect(user.read()?.spent).toHaveLength(1);
  });

  it('S20: the oldest session makes room, and its last activity is kept', () => {
    const user = createOneUser({ policy: resolvePolicy({ maxSessions: 2 }) });
    user.ok(openHttp('s1'));
    user.wait(1000);
    user.ok(openHttp('s2', { idleMs: 500 }));
    user.wait(1000);
    user.ok(openHttp('s3', { idleMs: 600 }));
    expect(sessionsOf(user).map(({ id }) => id)).toEqual(['s2', 's3']);
    expect(user.shown()).toMatchObject({ status: 'away', lastActiveAt: user.now() });
  });

  it('an idle client comes in as away, and its input is no later than it says', () => {
    const user = createOneUser();
    user.ok(openHttp('s', { idleMs: 7 * MINUTE }));
    expect(user.shown()).toMatchObject({ status: 'away', lastActiveAt: START - 7 * MINUTE });
  });

  it('a fraction of a millisecond reaches no instant', () => {
    const user = createOneUser();
    user.ok(openHttp('s', { idleMs: 0.4 }));
    expect(Number.isInteger(sessionsOf(user)[0]?.idleSince)).toBe(true);
  });
});

describe('beat', () => {
  it('S12: is refused where the session left, ended, moved to a socket or never was', () => {
    const user = withNodes();
    expect(user.refusal(beatOf('s', 1))).toBe('session_gone');
    user.ok(openHttp('s'));
    user.ok(leaveOf('s', { graceMs: 5000 }));
    expect(user.refusal(beatOf('s', 1))).toBe('session_gone');
    user.wait(5000);
    expect(user.refusal(beatOf('s', 2))).toBe('session_gone');
    user.ok(openHttp('u'));
    user.ok(openSocket('u', NODE, { resume: true }));
    expect(user.refusal(beatOf('u', 3))).toBe('session_gone');
    user.ok(openHttp('v'));
    user.wait(DEFAULT_POLICY.leaseMs);
    expect(user.refusal(beatOf('v', 1))).toBe('session_gone');
  });

  it('at rest writes nothing', () => {
    const user = createOneUser();
    user.ok(openHttp('s'));
    const { write, session } = user.ok(beatOf('s', 1));
    expect(write).toBeNull();
    expect(session?.id).toBe('s');
  });

  it('a change of activity is written, with the lease and the number of the beat', () => {
    const user = createOneUser();
    user.ok(openHttp('s'));
    user.wait(6 * MINUTE - 250_000);
    const { write } = user.ok(beatOf('s', 4, { idleMs: 60_000, forMs: 135_000 }));
    expect(write).toMatchObject({ grant: [{ id: ownLease('s', 1), forMs: 135_000 }] });
    expect(sessionsOf(user)[0]).toMatchObject({ seq: 4, idleSince: user.now() - 60_000 });
    expect(user.history.at(-1)).toMatchObject({ status: 'away', cause: 'activity' });
  });

  it('S12: an older beat changes nothing', () => {
    const user = createOneUser();
    user.ok(openHttp('s'));
    user.ok(beatOf('s', 4, { idleMs: 20_000 }));
    expect(user.ok(beatOf('s', 3)).write).toBeNull();
    expect(user.ok(beatOf('s', 4)).write).toBeNull();
    expect(user.shown().status).toBe('away');
    user.ok(beatOf('s', 5));
    expect(user.shown().status).toBe('online');
  });

  it('S12: a late beat of the connection before is refused, and drops none of the next', () => {
    const user = createOneUser();
    user.ok(openHttp('s'));
    user.ok(openHttp('s', { resume: true }));
    expect(user.refusal(beatOf('s', 7, { generation: 1, idleMs: 20_000 }))).toBe('session_gone');
    user.ok(beatOf('s', 1, { generation: 2, idleMs: 20_000 }));
    expect(user.shown().status).toBe('away');
  });

  it('a client that numbers nothing is heard each time', () => {
    const user = createOneUser();
    user.ok(openHttp('s'));
    user.ok(beatOf('s', null, { idleMs: 20_000 }));
    user.ok(beatOf('s', null));
    expect(user.shown().status).toBe('online');
    expect(sessionsOf(user)[0]?.seq).toBe(0);
  });

  it.each([
    [9999, 0],
    [10_000, 1],
    [-60_000, 0],
  ])('an idle instant that moved by %i ms gives %i transitions', (moved, transitions) => {
    const user = createOneUser();
    user.ok(openHttp('s', { idleMs: MINUTE }));
    user.wait(30_000);
    user.ok(beatOf('s', 1, { idleMs: MINUTE + 30_000 - moved }));
    expect(user.history).toHaveLength(1 + transitions);
    expect(user.shown().since).toBe(START);
  });
});

describe('activity of a socket', () => {
  it('S12: a command of the previous connection is refused', () => {
    const user = withNodes();
    user.ok(openSocket('s', NODE));
    user.ok(openSocket('s', OTHER, { resume: true }));
    const late: Command = { type: 'activity', sessionId: 's', generation: 1, idleMs: 30_000 };
    expect(user.refusal(late)).toBe('session_gone');
    user.ok({ ...late, generation: 2 });
    expect(user.shown().status).toBe('away');
    user.ok({ ...late, generation: 2, idleMs: null });
    expect(user.shown().status).toBe('online');
  });

  it('any active session keeps the user online', () => {
    const user = withNodes();
    user.ok(openSocket('s', NODE));
    user.ok(openSocket('t', NODE));
    user.ok({ type: 'activity', sessionId: 's', generation: 1, idleMs: 30_000 });
    expect(user.shown().status).toBe('online');
    expect(user.history).toHaveLength(1);
  });
});

describe('leave', () => {
  it.each(['link-lost', 'page-closed', 'signed-out', 'replaced'] as const)(
    '%s without a grace ends the session at once',
    (cause) => {
      const user = createOneUser();
      user.ok(openHttp('s'));
      user.wait(1000);
      const { write } = user.ok(leaveOf('s', { cause }));
      expect(write).toMatchObject({ holds: [], grant: [], deadline: user.now() + 30 * 86_400_000 });
      expect(user.shown()).toMatchObject({
        status: 'offline',
        since: user.now(),
        lastSeenAt: user.now(),
        lastActiveAt: user.now(),
      });
      expect(user.history.at(-1)?.cause).toBe(cause);
    },
  );

  it('L2: with a grace the session ends when it is over', () => {
    const user = createOneUser();
    user.ok(openHttp('s'));
    const { write } = user.ok(leaveOf('s', { graceMs: 5000 }));
    expect(write).toMatchObject({ deadline: START + 5000, steps: [] });
    user.wait(4999);
    expect(user.shown().status).toBe('online');
    user.wait(1);
    expect(user.shown()).toMatchObject({ status: 'offline', since: START + 5000 });
  });

  it('S19: leaving again neither extends nor repeats anything; signing out cuts the grace', () => {
    const user = createOneUser();
    user.ok(openHttp('s'));
    user.ok(leaveOf('s', { graceMs: 5000 }));
    user.wait(3000);
    expect(user.ok(leaveOf('s', { graceMs: 5000 })).write).toBeNull();
    user.ok(leaveOf('s', { cause: 'signed-out' }));
    expect(user.shown().status).toBe('offline');
    expect(user.ok(leaveOf('s')).write).toBeNull();
  });

  it('S12: a connection that was replaced takes nobody with it', () => {
    const user = withNodes();
    user.ok(openSocket('s', NODE));
    user.ok(openSocket('s', OTHER, { resume: true }));
    expect(user.ok(leaveOf('s', { generation: 1, cause: 'link-lost' })).write).toBeNull();
    expect(user.shown().status).toBe('online');
  });
});
