import type { History, Moment } from '../history/history.ts';

/** How far behind a moment a process counts as busy with it. */
const NEAR_MS = 5000;

/** By how much later than it should something may come around a moment: the machine was that busy. */
export const lagAround = ({ lags }: History, at: Moment): number => {
  const byProcess = new Map<string, number>();
  for (const lag of lags) {
    if (lag.at < at || lag.at - lag.ms > at + NEAR_MS) continue;
    byProcess.set(lag.who, lag.ms + (byProcess.get(lag.who) ?? 0));
  }
  return Math.max(0, ...byProcess.values());
};
