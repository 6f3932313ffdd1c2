import { describe, expect, it } from 'vitest';
import { nodeLease, ownLease } from './lease.ts';
import { DEFAULT_POLICY, resolvePolicy } from './policy.ts';
import { emptyRecord, KEPT_STEPS, type PresenceRecord, type Session } from './record.ts';
import { nextChangeAt, ownDeadline, settle } from './settle.ts';
import { beatOf, claimOf, leaveOf, openHttp, openSocket } from './testing/commands-of.ts';
import { createOneUser, START } from './testing/one-user.ts';

const NODE = nodeLease('a', 1);
const MINUTE = 60_000;
const LEASE = DEFAULT_POLICY.leaseMs;

describe('settle', () => {
  it('S3: a lease that ended takes its user offline at its end, whenever that is noticed', () => {
    const user = createOneUser();
    user.ok(openHttp('s'));
    const noticed = [LEASE, LEASE + 1, LEASE + 3_600_000].map((ms) => {
      const { record, leases } = user.loaded();
      return settle(record, leases, START + ms, DEFAULT_POLICY);
    });
    expect(noticed[0]).toEqual(noticed[1]);
    expect(noticed[0]).toEqual(noticed[2]);
    const ended = START + LEASE;
    expect(noticed[0]?.steps).toEqual([
      { revision: ended, version: ended, status: 'offline', at: ended, cause: 'lease-ended' },
    ]);
    expect(noticed[0]?.record?.public).toMatchObject({ since: ended, lastSeenAt: ended });
  });

  it('S1: a lease has ended at its expiry, not after it', () => {
    const user = createOneUser();
    user.ok(openHttp('s'));
    user.wait(LEASE - 1);
    expect(user.shown().status).toBe('online');
    user.wait(1);
    expect(user.shown().status).toBe('offline');
  });

  it('gives back the very record when nothing is due', () => {
    const user = createOneUser();
    user.ok(openHttp('s'));
    const { record, leases } = user.loaded();
    expect(settle(record, leases, START + 1, DEFAULT_POLICY).record).toBe(record);
    expect(settle(null, leases, START, DEFAULT_POLICY)).toEqual({ record: null, steps: [] });
  });

  it('L1: a lease that the store no longer knows ended when the record was last touched', () => {
    const user = createOneUser();
    user.lease(NODE, MINUTE);
    user.ok(openSocket('s', NODE, { idleMs: 5000 }));
    user.ok(openSocket('t', NODE));
    user.wait(1000);
    user.ok(claimOf('busy'));
    user.wait(10_000);
    user.lose(NODE);
    expect(user.read()?.own).toMatchObject({
      status: 'offline',
      since: START + 1000,
      lastSeenAt: START + 1000,
      lastActiveAt: START + 1000,
    });
    expect(user.read()?.revision).toBe(START + 1001);
  });

  it('S3: a missing lease is crossed before every deadline', () => {
    const user = createOneUser();
    user.lease(NODE, 10 * MINUTE);
    user.ok(openSocket('s', NODE));
    user.ok(openHttp('t'));
    user.ok(claimOf('busy', { forMs: 5000 }));
    user.lose(NODE);
    user.wait(LEASE);
    user.ok({ type: 'settle' });
    expect(user.history.map(({ status, cause, at }) => [status, cause, at - START])).toEqual([
      ['online', 'opened', 0],
      ['busy', 'claimed', 0],
      ['online', 'claim-ended', 5000],
      ['offline', 'lease-ended', LEASE],
    ]);
  });

  it('a lease that turns out to have ended before the last command ends right after it', () => {
    const user = createOneUser();
    user.lease(NODE, 10 * MINUTE);
    user.ok(openSocket('s', NODE));
    user.wait(5000);
    user.ok(claimOf('busy'));
    const { record } = user.loaded();
    const leases = new Map([[NODE, START + 3000]]);
    const settled = settle(record, leases, user.now(), DEFAULT_POLICY);
    expect(settled.steps).toMatchObject([{ at: user.now(), revision: user.now() + 1 }]);
    expect(settled.record?.own.lastActiveAt).toBe(user.now());
  });

  it('crosses what ends at one instant in one transition', () => {
    const user = createOneUser();
    user.ok(openHttp('s'));
    user.ok(openHttp('t'));
    user.ok(claimOf('busy', { forMs: LEASE }));
    user.ok(claimOf('away', { source: 'crm', forMs: LEASE }));
    user.wait(LEASE);
    const settled = user.ok({ type: 'settle' });
    expect(settled.write?.steps).toHaveLength(1);
    expect(settled.record).toMatchObject({ sessions: [], claims: [], own: { status: 'offline' } });
  });

  it('crosses several deadlines in their order, each with a version of its own', () => {
    const user = createOneUser();
    user.lease(NODE, 60 * MINUTE);
    user.ok(openSocket('s', NODE, { idleMs: MINUTE }));
    user.ok(claimOf('dnd', { forMs: 10 * MINUTE }));
    user.ok(claimOf('busy', { source: 'call', forMs: 5 * MINUTE }));
    user.wait(120 * MINUTE);
    const { write } = user.ok({ type: 'settle' });
    expect(write?.steps.map(({ status, cause, at }) => [status, cause, at - START])).toEqual([
      ['dnd', 'claim-ended', 5 * MINUTE],
      ['away', 'claim-ended', 10 * MINUTE],
      ['offline', 'idle-too-long', 29 * MINUTE],
    ]);
    expect(write?.record?.steps).toHaveLength(KEPT_STEPS);
    expect(write?.record?.public.lastSeenAt).toBe(START + 29 * MINUTE);
    expect(write?.record?.sessions).toEqual([]);
  });

  it('keeps the last five transitions', () => {
    const user = createOneUser();
    user.ok(openHttp('s'));
    for (const status of ['busy', 'dnd', 'away', 'busy', 'dnd', 'away'] as const) {
      user.wait(1000);
      user.ok(claimOf(status));
    }
    expect(user.read()?.steps).toEqual(user.history.slice(-KEPT_STEPS));
  });

  it('S8: a claim ends while nobody is there, and nobody sees it', () => {
    const user = createOneUser();
    user.ok(openHttp('s'));
    user.ok(claimOf('busy', { forMs: 10 * MINUTE }));
    user.ok(leaveOf('s'));
    const before = user.shown();
    user.wait(11 * MINUTE);
    expect(user.read()?.claims).toEqual([]);
    expect(user.shown()).toEqual(before);
  });

  it('S8: an absent admin claim ends by itself, and last seen is what it was', () => {
    const user = createOneUser();
    user.ok(openHttp('s'));
    user.ok(leaveOf('s'));
    user.wait(MINUTE);
    user.ok(claimOf('busy', { source: 'admin', holdsAbsent: true, forMs: 5 * MINUTE }));
    expect(user.shown()).toMatchObject({ status: 'busy', lastSeenAt: null });
    user.wait(5 * MINUTE);
    expect(user.shown()).toMatchObject({
      status: 'offline',
      since: START + 6 * MINUTE,
      lastSeenAt: START,
    });
  });

  it('idle too long is offline while the connection lives, and input brings the user back', () => {
    const user = createOneUser();
    user.ok(openHttp('s', { idleMs: 0, lease: { ownForMs: 120 * MINUTE } }));
    user.wait(30 * MINUTE - 1);
    expect(user.shown().status).toBe('away');
    user.wait(1);
    expect(user.shown()).toMatchObject({ status: 'offline', lastSeenAt: START + 30 * MINUTE });
    expect(user.read()?.sessions).toHaveLength(1);
    user.wait(MINUTE);
    user.ok(beatOf('s', 1));
    expect(user.shown()).toMatchObject({ status: 'online', since: user.now(), lastSeenAt: null });
  });

  it('a shorter idle limit holds for those who were away when it came into force', () => {
    const user = createOneUser();
    user.ok(openHttp('s', { idleMs: 10 * MINUTE, lease: { ownForMs: 120 * MINUTE } }));
    const shorter = resolvePolicy({ offlineAfterIdleMs: 8 * MINUTE });
    const { record, leases } = user.loaded();
    const settled = settle(record, leases, START + 1, shorter);
    expect(settled.record?.own).toMatchObject({ status: 'offline', since: START });
    expect(settled.steps).toHaveLength(1);
  });
});

describe('retention', () => {
  const kept = DEFAULT_POLICY.offlineRetentionMs;
  const left = () => {
    const user = createOneUser();
    user.ok(openHttp('s'));
    user.ok(leaveOf('s'));
    return user;
  };

  it('forgets an offline user at its end, and the write deletes', () => {
    const user = left();
    expect(user.writes.at(-1)?.deadline).toBe(START + kept);
    user.wait(kept - 1);
    expect(user.read()).not.toBeNull();
    user.wait(1);
    expect(user.shown()).toMatchObject({ status: 'offline', lastSeenAt: null, version: 0 });
    const { write } = user.ok({ type: 'settle' });
    expect(write).toMatchObject({ record: null, holds: [], scopes: [], deadline: null, solo: '' });
    expect(user.loaded().record).toBeNull();
    expect(user.ok({ type: 'settle' }).write).toBeNull();
  });

  it('S4: a user who comes back before the reaper passed has a greater version', () => {
    const user = left();
    const { revision } = user.loaded().record ?? { revision: 0 };
    user.wait(kept + 5);
    const { write } = user.ok(openHttp('t'));
    expect(write?.base).toBe(revision);
    expect(user.shown()).toMatchObject({ status: 'online', version: user.now() });
    expect(user.read()?.seenAt).toBeNull();
  });

  it.each([
    ['blocked', { type: 'account', account: 'banned' }],
    ['hidden', { type: 'visibility', visibility: 'hidden' }],
    ['claimed', claimOf('busy')],
  ] as const)('keeps a user who is %s', (_, command) => {
    const user = left();
    user.ok(command);
    expect(user.writes.at(-1)?.deadline).toBeNull();
    user.wait(kept * 2);
    expect(user.read()).not.toBeNull();
  });
});

describe('nextChangeAt and ownDeadline', () => {
  const session: Session = {
    id: 's',
    lease: ownLease('s', 1),
    generation: 1,
    seq: 0,
    idleSince: null,
    device: null,
    openedAt: START,
    endsAt: null,
  };
  const record = (more: Partial<PresenceRecord>): PresenceRecord => ({
    ...emptyRecord('ada'),
    updatedAt: START,
    sessions: [session],
    ...more,
  });
  const leases = new Map([[session.lease, START + 1000]]);
  const leaving = { ...session, endsAt: START + 400 };

  it.each([
    ['a lease', record({}), 1000, null],
    ['a grace', record({ sessions: [leaving] }), 400, 400],
    [
      'a grace beyond the lease',
      record({ sessions: [{ ...session, endsAt: START + 5000 }] }),
      1000,
      5000,
    ],
    [
      'the idle limit',
      record({ sessions: [{ ...session, idleSince: START - 30 * MINUTE + 7 }] }),
      7,
      7,
    ],
    [
      'no idle limit that has passed',
      record({ sessions: [{ ...session, idleSince: START - 30 * MINUTE }] }),
      1000,
      null,
    ],
    [
      'the end of a claim',
      record({
        claims: [
          {
            source: 'user',
            status: 'busy',
            priority: 50,
            message: null,
            emoji: null,
            until: START + 600,
            setAt: START,
            holdsAbsent: false,
          },
        ],
      }),
      600,
      600,
    ],
    [
      'the retention',
      record({ sessions: [] }),
      DEFAULT_POLICY.offlineRetentionMs,
      DEFAULT_POLICY.offlineRetentionMs,
    ],
  ] as const)('%s', (_, settled, next, own) => {
    expect(nextChangeAt(settled, leases, DEFAULT_POLICY)).toBe(START + next);
    expect(ownDeadline(settled, DEFAULT_POLICY)).toBe(own === null ? null : START + own);
  });

  it('nothing is next for nobody', () => {
    expect(nextChangeAt(null, leases, DEFAULT_POLICY)).toBeNull();
  });
});
