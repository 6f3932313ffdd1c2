import { describe, expect, it } from 'vitest';
import { nodeLease } from '../lease.ts';
import { DEFAULT_POLICY } from '../policy.ts';
import type { PresenceRecord } from '../record.ts';
import { claimOf, leaveOf, openHttp, openSocket } from '../testing/commands-of.ts';
import { createOneUser, START } from '../testing/one-user.ts';
import { apply } from './apply.ts';

const DAY = 86_400_000;
const NODE = nodeLease('a', 1);
const parsed = (record: PresenceRecord | null): PresenceRecord =>
  JSON.parse(JSON.stringify(record)) as PresenceRecord;

describe('apply on a lease that the load did not know', () => {
  it('S2: a session on a node lease held anew lives until the store says more', () => {
    const user = createOneUser();
    user.lease(NODE, 30_000);
    const { write, leases, record } = user.ok(openSocket('s', NODE));
    expect(write?.validUntil).toBe(START + 2000);
    // Commands that share this load come next, before the store answered.
    const next = apply({ key: user.key, record, leases }, claimOf('busy'), START, DEFAULT_POLICY);
    expect(next.record?.own.status).toBe('busy');
    expect(next.record?.sessions).toHaveLength(1);
  });

  it('what the caller knows of the lease counts', () => {
    const user = createOneUser();
    const loaded = { ...user.loaded(), leases: new Map([[NODE, START + 700]]) };
    const applied = apply(loaded, openSocket('s', NODE), START, DEFAULT_POLICY);
    expect(applied).toMatchObject({ ok: true, write: { validUntil: START + 700 } });
  });
});

describe('apply long after the user was last seen', () => {
  it.each([
    ['unblocked', { type: 'account', account: 'banned' }, { type: 'account', account: 'active' }],
    [
      'shown again',
      { type: 'visibility', visibility: 'hidden' },
      { type: 'visibility', visibility: 'visible' },
    ],
    ['released', claimOf('busy', { source: 'calendar' }), { type: 'release', source: 'calendar' }],
  ] as const)('a user can be %s after the retention', (_, first, second) => {
    const user = createOneUser();
    user.ok(openHttp('s'));
    user.ok(leaveOf('s'));
    user.ok(first);
    user.wait(60 * DAY);
    user.ok(second);
    expect(user.read()).not.toBeNull();
    user.wait(DEFAULT_POLICY.offlineRetentionMs);
    expect(user.read()).toBeNull();
  });
});

describe('apply on a record that is past its retention', () => {
  it('S4: goes on from its revision, also where that ran ahead of the clock', () => {
    const user = createOneUser();
    user.ok(openHttp('s'));
    const { record } = user.ok(leaveOf('s'));
    if (!record) throw new Error('no record');
    const at = START + 40 * DAY;
    const ahead = { ...record, revision: at + 50 };
    const loaded = { ...user.loaded(), record: ahead };
    const applied = apply(loaded, openHttp('t'), at, DEFAULT_POLICY);
    expect(applied.record).toMatchObject({ revision: at + 51, public: { version: at + 51 } });
  });
});

describe('apply on a record that a store read back', () => {
  it('S6: a write that shows nothing new is no transition', () => {
    const user = createOneUser();
    user.ok(openHttp('s'));
    const loaded = { ...user.loaded(), record: parsed(user.loaded().record) };
    const applied = apply(loaded, openHttp('t'), START + 5, DEFAULT_POLICY);
    expect(applied).toMatchObject({ ok: true, write: { steps: [] } });
    expect(applied.record?.steps).toEqual(user.read()?.steps);
  });
});

describe('apply when the clock of the store was stepped back', () => {
  const STEP = 10 * 60_000;
  const steppedBack = () => {
    const user = createOneUser();
    user.lease(NODE, 30_000);
    user.ok(openHttp('s'));
    user.wait(1000);
    user.ok(openSocket('t', NODE));
    const revision = user.loaded().record?.revision ?? 0;
    user.wait(-STEP);
    return { user, revision };
  };

  it('takes nobody offline', () => {
    const { user } = steppedBack();
    user.ok(claimOf('busy'));
    user.wait(60_000);
    user.ok({ type: 'release', source: 'user' });
    expect(user.shown().status).toBe('online');
    expect(user.read()?.sessions).toHaveLength(2);
  });

  it('S4: revision and version grow all the same', () => {
    const { user, revision } = steppedBack();
    user.ok(claimOf('busy'));
    expect(user.read()).toMatchObject({
      revision: revision + 1,
      public: { version: revision + 1 },
    });
  });

  it('a write is valid for two seconds of that clock, and grants as long as it says', () => {
    const { user } = steppedBack();
    const { write, leases, session } = user.ok(openHttp('u'));
    expect(write?.validUntil).toBe(user.now() + 2000);
    expect(leases.get(session?.lease ?? '')).toBe(user.now() + DEFAULT_POLICY.leaseMs);
  });

  it('a session whose lease was lost ends without blocking the next write', () => {
    const { user } = steppedBack();
    user.lose(NODE);
    user.ok(claimOf('busy'));
    expect(user.read()?.sessions.map(({ id }) => id)).toEqual(['s']);
  });

  it('a newer claim of the same priority is not taken for the older one', () => {
    const { user } = steppedBack();
    user.wait(STEP);
    user.ok(claimOf('busy', { source: 'jira' }));
    user.wait(-STEP);
    user.ok(claimOf('away', { source: 'calendar' }));
    user.ok({ type: 'release', source: 'calendar' });
    user.ok(claimOf('dnd', { source: 'zoom' }));
    expect(user.shown().status).toBe('dnd');
  });

  it('S16: last seen does not go back', () => {
    const { user } = steppedBack();
    user.ok(leaveOf('s'));
    user.ok(leaveOf('t'));
    const first = user.shown().lastSeenAt ?? 0;
    user.wait(-STEP);
    user.ok(openHttp('v'));
    user.ok(leaveOf('v'));
    expect(user.shown().lastSeenAt).toBeGreaterThanOrEqual(first);
  });
});
