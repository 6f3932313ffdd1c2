import type { Counted, History, Read } from '../history/history.ts';
import { covers } from './spans.ts';
import type { Truth } from './truth.ts';
import type { Report } from './violations.ts';

const checkRead = (read: Read, truth: readonly Truth[], since: number, report: Report): void => {
  const { askedAt, answeredAt, node } = read;
  const when = `a read on ${node}, ${answeredAt - since} ms after the start`;
  for (const { user, status, version } of read.rows) {
    const { online, offline } = truth[user]!;
    if (status === 'offline' && covers(online, askedAt, answeredAt)) {
      report('S2', `user ${user} was connected and is offline (v${version}) in ${when}`);
    } else if (status !== 'offline' && covers(offline, askedAt, answeredAt)) {
      report('S1', `user ${user} is gone and is ${status} (v${version}) in ${when}`);
    }
  }
};

const checkCount = (
  { node, askedAt, answeredAt, count }: Counted,
  truth: readonly Truth[],
  since: number,
  report: Report,
): void => {
  let least = 0;
  let most = 0;
  for (const { online, offline } of truth) {
    if (covers(online, askedAt, answeredAt)) least += 1;
    if (!covers(offline, askedAt, answeredAt)) most += 1;
  }
  if (count >= least && count <= most) return;
  report(
    count < least ? 'S2' : 'S1',
    `${node} counted ${count} of ${least} to ${most} who were online, ${answeredAt - since} ms after the start`,
  );
};

/** Reads are exact at every moment, also in the middle of a fault: S1 and S2. */
export const checkReads = (history: History, truth: readonly Truth[], report: Report): void => {
  for (const read of history.reads) checkRead(read, truth, history.startedAt, report);
  for (const counted of history.counts) checkCount(counted, truth, history.startedAt, report);
};
