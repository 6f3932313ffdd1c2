import { describe, expect, it } from 'vitest';
import { derive, lastActive, priorityOf, winningClaim, type Facts } from './derive.ts';
import { DEFAULT_POLICY } from './policy.ts';
import { TOUCH_SESSION, type Claim, type Session } from './record.ts';

const AT = 1_700_000_000_000;
const LIMIT = DEFAULT_POLICY.offlineAfterIdleMs;

const session = (idleSince: number | null, id = 's'): Session => ({
  id,
  lease: `o:${id}:1`,
  generation: 1,
  seq: 0,
  idleSince,
  device: null,
  openedAt: AT,
  endsAt: null,
});
const claim = (source: string, more: Partial<Claim> = {}): Claim => ({
  source,
  status: 'busy',
  priority: priorityOf(source),
  message: null,
  emoji: null,
  until: null,
  setAt: AT,
  holdsAbsent: false,
  ...more,
});
const facts = (more: Partial<Facts>): Facts => ({
  account: 'active',
  sessions: [],
  claims: [],
  ...more,
});
const absent = claim('admin', { holdsAbsent: true });

describe('derive', () => {
  it.each([
    ['nobody', {}, 'offline', 'absent'],
    ['an active session', { sessions: [session(null)] }, 'online', 'activity'],
    ['one of two active', { sessions: [session(AT - 9), session(null)] }, 'online', 'activity'],
    ['all idle', { sessions: [session(AT - 9), session(AT - 5)] }, 'away', 'idle'],
    [
      'idle for less than the limit, one of them',
      { sessions: [session(AT - LIMIT), session(AT - LIMIT + 1)] },
      'away',
      'idle',
    ],
    ['idle for the limit', { sessions: [session(AT - LIMIT)] }, 'offline', 'idle-too-long'],
    ['a claim', { sessions: [session(null)], claims: [claim('user')] }, 'busy', 'claim'],
    [
      'a claim of someone idle too long',
      { sessions: [session(AT - LIMIT)], claims: [claim('user')] },
      'busy',
      'claim',
    ],
    ['a claim of someone absent', { claims: [claim('user'), claim('admin')] }, 'offline', 'absent'],
    ['an admin’s claim for absent users', { claims: [absent] }, 'busy', 'claim'],
    [
      'a claim that ends now',
      { sessions: [session(null)], claims: [claim('user', { until: AT })] },
      'online',
      'activity',
    ],
    [
      'S11: a blocked account',
      { account: 'banned', sessions: [session(null)], claims: [absent] },
      'offline',
      'account',
    ],
  ] as const)('%s', (_, given, status, by) => {
    expect(derive(facts(given), AT, DEFAULT_POLICY)).toMatchObject({ status, by });
  });
});

describe('priorities', () => {
  it.each([
    ['admin', 100],
    ['call', 60],
    ['user', 50],
    ['calendar', 40],
    ['crm', 30],
    ['__proto__', 30],
    ['constructor', 30],
  ])('%s has %i', (source, priority) => {
    expect(priorityOf(source)).toBe(priority);
  });

  it.each([
    ['the highest wins', [claim('user', { setAt: AT + 9 }), claim('call')], 'call'],
    ['the newest wins ties', [claim('jira', { setAt: AT + 1 }), claim('crm')], 'jira'],
    ['the newest wins in either order', [claim('crm'), claim('jira', { setAt: AT + 1 })], 'jira'],
    ['one answer among equals', [claim('jira'), claim('crm')], 'jira'],
    ['one answer among equals in either order', [claim('crm'), claim('jira')], 'jira'],
    ['one that ended loses', [claim('admin', { until: AT }), claim('crm')], 'crm'],
  ] as const)('%s', (_, claims, source) => {
    expect(winningClaim(claims, AT)?.source).toBe(source);
  });
});

describe('lastActive', () => {
  it.each([
    ['nobody went', null, [], null],
    ['an active session was so until its end', AT - 50, [session(null)], AT],
    ['an idle one was not', AT - 50, [session(AT - 20)], AT - 20],
    ['S16: never goes back', AT - 5, [session(AT - 20)], AT - 5],
    ['requests are known', AT - 50, [session(null, TOUCH_SESSION)], AT - 50],
  ] as const)('%s', (_, before, gone, after) => {
    expect(lastActive(before, gone, AT)).toBe(after);
  });
});
