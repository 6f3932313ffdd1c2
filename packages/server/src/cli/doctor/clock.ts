import type { Finding } from './finding.ts';

/** Tickets are good for ten seconds by the clocks of the servers; half of it may be eaten up. */
const FAR_MS = 5000;

/**
 * @param aheadMs how far a clock is ahead of this machine's
 * @param exactMs less than this cannot be told apart
 */
export const lookAtClock = (whose: string, aheadMs: number, exactMs = 10): Finding => {
  const off = Math.round(aheadMs);
  const side = off < 0 ? 'behind' : 'ahead of';
  const saw =
    Math.abs(off) < exactMs
      ? `the clock of ${whose} is right by this machine's`
      : `the clock of ${whose} is ${Math.abs(off)} ms ${side} this machine's`;
  if (Math.abs(off) <= FAR_MS) return { about: 'clock', level: 'ok', saw };
  const advice =
    'The store judges who is present, but servers judge tickets and logins: keep all of them right by NTP.';
  return { about: 'clock', level: 'fail', saw, advice };
};
