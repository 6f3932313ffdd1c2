import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolvePolicy } from './policy.ts';
import { LAST_SEEN_PRECISIONS, roundedUp, toldVersion, withPrecision } from './precision.ts';
import type { Presence } from './project.ts';
import { STATUSES } from './status.ts';
import { leaveOf, openHttp } from './testing/commands-of.ts';
import { createOneUser, START } from './testing/one-user.ts';

const DAY_MS = 86_400_000;
const UNITS = { minutes: 60_000, day: DAY_MS } as const;
const at = Date.parse('2026-06-01T13:37:42.123Z');

const gone = (instant: number): Presence => ({
  userId: 'ada',
  status: 'offline',
  since: instant,
  lastSeenAt: instant,
  lastActiveAt: instant - 5000,
  version: instant,
});

describe('last-seen precision', () => {
  it('tells the minute, the day, or nothing of who is gone', () => {
    const told = (precision: (typeof LAST_SEEN_PRECISIONS)[number]) =>
      withPrecision(gone(at), precision);
    expect(told('exact')).toEqual(gone(at));
    const minute = Date.parse('2026-06-01T13:37:00Z');
    const day = Date.parse('2026-06-01T00:00:00Z');
    const whole = { userId: 'ada', status: 'offline' };
    expect(told('minutes')).toEqual({
      ...whole,
      since: minute,
      lastSeenAt: minute,
      lastActiveAt: minute,
      version: minute,
    });
    expect(told('day')).toEqual({
      ...whole,
      since: day,
      lastSeenAt: day,
      lastActiveAt: day,
      version: day,
    });
    expect(told('hidden')).toEqual({ ...whole, since: null, lastSeenAt: null, version: 1 });
  });

  it('S17: what happened at another moment of the same unit looks the same, version and all', () => {
    const moment = fc.nat({ max: UNITS.minutes - 1 });
    const presence = fc.record({ status: fc.constantFrom(...STATUSES), isIdle: fc.boolean() });
    const shown = (status: Presence['status'], isIdle: boolean, instant: number): Presence => ({
      userId: 'ada',
      status,
      since: instant,
      lastSeenAt: status === 'offline' ? instant : null,
      ...((status === 'offline' || isIdle) && { lastActiveAt: instant }),
      version: instant,
    });
    fc.assert(
      fc.property(presence, moment, moment, ({ status, isIdle }, a, b) => {
        const start = at - (at % UNITS.minutes);
        for (const precision of ['minutes', 'day', 'hidden'] as const) {
          const one = withPrecision(shown(status, isIdle, start + a), precision);
          const other = withPrecision(shown(status, isIdle, start + b), precision);
          const isHere = status !== 'offline' && !isIdle;
          // Who is here now may say since when they are so.
          expect(isHere ? { ...one, since: 0 } : one).toEqual(
            isHere ? { ...other, since: 0 } : other,
          );
        }
      }),
    );
  });

  it('S4: versions never swap, and nobody becomes or ceases to be someone never seen', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.nat(),
        fc.constantFrom(...LAST_SEEN_PRECISIONS),
        (a, b, precision) => {
          const [less, more] = a < b ? [a, b] : [b, a];
          expect(toldVersion(less, precision)).toBeLessThanOrEqual(toldVersion(more, precision));
          expect(toldVersion(less, precision) === 0).toBe(less === 0);
        },
      ),
    );
  });

  it('the end of a record says no more of when it was written last', () => {
    for (const precision of ['minutes', 'day', 'hidden'] as const) {
      const policy = resolvePolicy({ lastSeenPrecision: precision });
      const user = createOneUser({ policy });
      user.ok(openHttp('s'));
      const unit = precision === 'minutes' ? UNITS.minutes : UNITS.day;
      expect(roundedUp(START + 1, precision) % unit).toBe(0);
      user.ok(leaveOf('s'));
      expect((user.writes.at(-1)?.deadline ?? 1) % unit).toBe(0);
      expect(user.writes.at(-1)?.deadline).toBeGreaterThan(START + policy.offlineRetentionMs - 1);
    }
  });

  it('is one of four', () => {
    expect(resolvePolicy().lastSeenPrecision).toBe('exact');
    expect(() => resolvePolicy({ lastSeenPrecision: 'hour' as never })).toThrow(
      /lastSeenPrecision must be one of exact, minutes, day, hidden: saw hour/,
    );
  });
});
