import { describe, expect, it } from 'vitest';
import { isPresenceError } from './errors.ts';
import {
  DEFAULT_POLICY,
  leaseForMs,
  promisedBeatMs,
  resolvePolicy,
  staleAfterMs,
  type PolicyOptions,
} from './policy.ts';

const refusal = (options: unknown): string => {
  try {
    resolvePolicy(options as PolicyOptions);
  } catch (error) {
    if (!isPresenceError(error)) throw error;
    expect(error.code).toBe('invalid_policy');
    return error.message;
  }
  return 'accepted';
};

describe('resolvePolicy', () => {
  it('without options is the default, frozen throughout', () => {
    const policy = resolvePolicy();
    expect(policy).toEqual(DEFAULT_POLICY);
    expect(Object.isFrozen(policy) && Object.isFrozen(policy.grace)).toBe(true);
  });

  it('takes what is given, and the default for what is undefined', () => {
    const policy = resolvePolicy({
      leaseMs: 90_000,
      pingMs: undefined,
      grace: { lostMs: 1 },
    } as unknown as PolicyOptions);
    expect(policy).toMatchObject({ leaseMs: 90_000, pingMs: 25_000 });
    expect(policy.grace).toEqual({ lostMs: 1, closedMs: 5000, drainMs: 60_000 });
  });

  it.each([
    [{ leaseMs: 50_000 }, 'leaseMs must be at least 2 × heartbeatMs: saw 50000 and 60000.'],
    [
      { hiddenHeartbeatMs: 20_000 },
      'hiddenHeartbeatMs must be at least heartbeatMs: saw 20000 and 30000.',
    ],
    [{ nodeLeaseMs: 14_999 }, 'nodeLeaseMs must be at least 3 × nodeRenewMs: saw 14999 and 15000.'],
    [
      { awayAfterMs: 1_800_001 },
      'offlineAfterIdleMs must be at least awayAfterMs: saw 1800000 and 1800001.',
    ],
    [{ reapMs: 30_001 }, 'nodeLeaseMs must be at least reapMs: saw 30000 and 30001.'],
    [
      { grace: { drainMs: 14_999 } },
      'grace.drainMs must be at least grace.lostMs: saw 14999 and 15000.',
    ],
  ])('%j is refused with both numbers', (options, message) => {
    expect(refusal(options)).toMatch(/^\[presence\/policy\] .* Otherwise /);
    expect(refusal(options)).toContain(message);
  });

  it.each([
    [{ leaseMs: 60_000 }],
    [{ hiddenHeartbeatMs: 30_000 }],
    [{ nodeLeaseMs: 15_000 }],
    [{ awayAfterMs: 1_800_000 }],
    [{ reapMs: 30_000 }],
    [{ grace: { drainMs: 15_000 } }],
    [{ grace: { lostMs: 0, closedMs: 0, drainMs: 0 } }],
    [{ fanOutMs: 0 }],
    [{ mayHide: false }],
    [{ offlineRetentionMs: 3650 * 86_400_000 }],
  ])('%j is accepted: it just holds', (options) => {
    expect(refusal(options)).toBe('accepted');
  });

  it.each([
    [{ leaseMs: '120s' }, 'leaseMs must be a whole number from 1 to 2147483647: saw 120s.'],
    [{ leaseMs: Number.NaN }, 'saw NaN'],
    [{ leaseMs: 2 ** 31 }, 'saw 2147483648'],
    [{ pingMs: 0 }, 'pingMs must be a whole number from 1 to'],
    [{ pingMs: 0.5 }, 'saw 0.5'],
    [{ fanOutMs: -1 }, 'fanOutMs must be a whole number from 0 to'],
    [{ grace: { lostMs: -1 } }, 'grace.lostMs must be a whole number from 0 to'],
    [
      { grace: { lostSecs: 1 } },
      'grace.lostSecs is not a setting. Known: lostMs, closedMs, drainMs.',
    ],
    [{ grace: 5 }, 'grace must be an object'],
    [{ grace: null }, 'grace must be an object'],
    [{ lease: 1 }, 'lease is not a setting. Known: heartbeatMs, '],
    [JSON.parse('{"__proto__":{"leaseMs":1}}'), '__proto__ is not a setting'],
    [{ maxSessions: 0 }, 'maxSessions must be a whole number from 1 to 1000: saw 0. Set a number.'],
    [{ maxClaims: 1001 }, 'saw 1001'],
    [{ mayHide: 1 }, 'mayHide must be true or false: saw 1.'],
  ])('%j is refused', (options, message) => {
    expect(refusal(options)).toContain(message);
  });
});

describe('what follows from the policy', () => {
  it.each([
    [false, 30_000, 120_000],
    [true, 60_000, 135_000],
  ])('hidden %s: a beat each %i ms, a lease of %i ms', (hidden, beat, lease) => {
    expect(promisedBeatMs(DEFAULT_POLICY, hidden)).toBe(beat);
    expect(leaseForMs(DEFAULT_POLICY, hidden)).toBe(lease);
  });

  it('L1: data is stale after ping, pong and grace', () => {
    expect(staleAfterMs(DEFAULT_POLICY)).toBe(60_000);
  });
});
