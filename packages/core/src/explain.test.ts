import { describe, expect, it } from 'vitest';
import { explain, inWords, type Explanation } from './explain.ts';
import { nodeLease } from './lease.ts';
import { DEFAULT_POLICY } from './policy.ts';
import { claimOf, leaveOf, openHttp, openSocket } from './testing/commands-of.ts';
import { createOneUser, START, type OneUser } from './testing/one-user.ts';

const NODE = nodeLease('a', 1);
const MINUTE = 60_000;

const explained = (user: OneUser): Explanation =>
  explain('ada', user.read(), user.loaded().leases, user.now(), DEFAULT_POLICY);
const online = (idleMs: number | null = null, forMs = 60 * MINUTE): OneUser => {
  const user = createOneUser();
  user.ok(openHttp('s', { idleMs, lease: { ownForMs: forMs } }));
  return user;
};

describe('the first sentence tells the decision', () => {
  it('someone never seen', () => {
    expect(explained(createOneUser()).sentences).toEqual(['Offline: never seen.']);
    const known = createOneUser();
    known.ok(claimOf('busy'));
    expect(explained(known).sentences).toEqual(['Offline: never seen.']);
  });

  it('absent', () => {
    const user = online();
    user.ok(leaveOf('s'));
    user.wait(125 * MINUTE);
    expect(explained(user)).toMatchObject({
      by: 'absent',
      sentences: ['Offline, because no session is alive; last seen 2 h 5 min ago.'],
    });
  });

  it('active, with what the lease will do', () => {
    const user = online(null, 2 * MINUTE);
    user.lease(NODE, 10 * MINUTE);
    expect(explained(user).sentences).toEqual([
      'Online, because 1 session of 1 is active.',
      'This becomes offline in 2 min if nothing more is heard from the connection.',
    ]);
    user.ok(openSocket('t', NODE));
    user.ok(openSocket('u', NODE, { idleMs: MINUTE }));
    expect(explained(user).sentences[0]).toBe('Online, because 2 sessions of 3 are active.');
  });

  it('idle', () => {
    expect(explained(online(6 * MINUTE)).sentences).toEqual([
      'Away, because every session is idle; the last input was 6 min ago.',
      'This becomes offline in 24 min if there is no input.',
    ]);
  });

  it('idle too long', () => {
    expect(explained(online(31 * MINUTE)).sentences).toEqual([
      'Offline, because every session has been idle for 31 min.',
    ]);
  });

  it('a claim, with and without an end', () => {
    const user = online();
    user.ok(claimOf('busy', { forMs: 5 * MINUTE }));
    expect(explained(user).sentences).toEqual([
      'Shows busy for another 5 min, because they set it themselves.',
      'This becomes online in 5 min when the claim ends.',
    ]);
    user.ok(claimOf('dnd'));
    expect(explained(user).sentences[0]).toBe(
      'Shows do not disturb until it is cleared, because they set it themselves.',
    );
  });

  it('a claim for someone absent', () => {
    const user = createOneUser();
    user.ok(claimOf('busy', { source: 'admin', holdsAbsent: true }));
    expect(explained(user).sentences).toEqual([
      'Shows busy, although no session is alive, until it is cleared, because an admin set it.',
    ]);
  });

  it('a page that closes', () => {
    const user = online();
    user.ok(leaveOf('s', { graceMs: 5000 }));
    expect(explained(user).sentences[1]).toBe(
      'This becomes offline in 5 s when the grace after closing is over.',
    );
  });

  it.each(['suspended', 'banned', 'inactive', 'pending'] as const)('%s', (account) => {
    const user = online();
    user.ok({ type: 'account', account });
    expect(explained(user)).toMatchObject({
      by: 'account',
      sentences: [`Offline, because the account is ${account}.`],
    });
  });

  it('hidden: the user and admins read the truth, with what others see', () => {
    const user = online();
    user.ok({ type: 'visibility', visibility: 'hidden' });
    expect(explained(user)).toMatchObject({
      status: 'online',
      publicStatus: 'offline',
      visibility: 'hidden',
      sentences: [
        'Online, because 1 session of 1 is active.',
        'Hidden: others see someone who left at the moment of hiding.',
        'This becomes offline in 1 h if nothing more is heard from the connection.',
      ],
    });
  });
});

describe('claims say why they win or lose', () => {
  const whys = (user: OneUser) =>
    Object.fromEntries(
      explained(user).claims.map(({ source, wins, why }) => [source, [wins, why]]),
    );

  it('by priority, by age, without anybody there, and blocked', () => {
    const user = online();
    user.ok(claimOf('busy', { source: 'crm' }));
    user.wait(1);
    user.ok(claimOf('dnd', { source: 'jira' }));
    expect(whys(user)).toEqual({
      crm: [false, '“jira” is newer'],
      jira: [true, 'the newest of the highest priority'],
    });
    user.ok(claimOf('away'));
    expect(whys(user)).toEqual({
      crm: [false, '“user” has priority 50, this one 30'],
      jira: [false, '“user” has priority 50, this one 30'],
      user: [true, 'highest priority'],
    });
    user.ok(leaveOf('s'));
    expect(whys(user)['user']).toEqual([false, 'nobody is there to show it for']);
    user.ok({ type: 'account', account: 'banned' });
    expect(whys(user)['user']).toEqual([false, 'the account is blocked']);
  });

  it('does not say newer of two that were set at one instant', () => {
    const user = online();
    user.ok(claimOf('busy', { source: 'crm' }));
    user.ok(claimOf('dnd', { source: 'jira' }));
    expect(whys(user)['crm']).toEqual([
      false,
      '“jira” was set at the same time and wins by its name',
    ]);
  });
});

describe('what else is told', () => {
  it('each session with its lease', () => {
    const user = online(MINUTE, 2 * MINUTE);
    user.lease(NODE, 30_000);
    user.ok(openSocket('t', NODE, { device: 'web' }));
    expect(explained(user).sessions).toEqual([
      {
        id: 's',
        via: 'http',
        device: null,
        activity: 'idle',
        idleSince: START - MINUTE,
        openedAt: START,
        leaseEndsAt: START + 2 * MINUTE,
        endsAt: null,
      },
      {
        id: 't',
        via: 'socket',
        device: 'web',
        activity: 'active',
        idleSince: null,
        openedAt: START,
        leaseEndsAt: START + 30_000,
        endsAt: null,
      },
    ]);
  });

  it('the next change that anybody sees, past those that nobody does', () => {
    const user = online(null, 10 * MINUTE);
    user.ok(claimOf('busy'));
    user.ok(claimOf('away', { source: 'crm', forMs: MINUTE }));
    expect(explained(user).next).toEqual({
      at: START + 10 * MINUTE,
      status: 'offline',
      cause: 'lease-ended',
    });
    user.ok(leaveOf('s'));
    expect(explained(user).next).toBeNull();
  });

  it('the last transitions with their causes', () => {
    const user = online();
    user.ok(claimOf('busy'));
    expect(explained(user).transitions.map(({ cause }) => cause)).toEqual(['opened', 'claimed']);
  });
});

describe('inWords', () => {
  it.each([
    [-5, '1 s'],
    [0, '1 s'],
    [1499, '1 s'],
    [1500, '2 s'],
    [59_499, '59 s'],
    [59_500, '1 min'],
    [61_000, '1 min 1 s'],
    [3_600_000, '1 h'],
    [3_601_000, '1 h'],
    [7_500_000, '2 h 5 min'],
    [86_400_000 + 60_000, '1 d'],
    [3 * 86_400_000 + 7_200_000, '3 d 2 h'],
  ])('%i ms is %s', (ms, words) => {
    expect(inWords(ms)).toBe(words);
  });
});
