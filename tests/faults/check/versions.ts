import type { Status } from '@presence/core';
import type { History, Moment, Watching } from '../history/history.ts';
import { ATTACHED_AGAIN_MS } from './bounds.ts';
import { covers } from './spans.ts';
import type { Truth } from './truth.ts';
import type { Report } from './violations.ts';

interface Seen {
  readonly status: Status;
  content: string | undefined;
}

/** Every version of each user that anybody was shown. */
type Versions = readonly Map<number, Seen>[];

/** Nobody ever saw this user: no version. */
const NEVER_SEEN = 0;

const note = (
  versions: Map<number, Seen>,
  user: number,
  version: number,
  status: Status,
  content: string | undefined,
  report: Report,
): void => {
  const seen = versions.get(version);
  if (!seen) return void versions.set(version, { status, content });
  const isSame = content === undefined || seen.content === undefined || content === seen.content;
  if (seen.status !== status || !isSame) {
    report(
      'S4',
      `version ${version} of user ${user} was ${seen.status} ${seen.content ?? ''} and ${status} ${content ?? ''}`,
    );
  }
  seen.content ??= content;
};

const collect = (history: History, report: Report): Versions => {
  const all: Map<number, Seen>[] = history.events.map(() => new Map<number, Seen>());
  for (const { told } of history.watchings) {
    for (const { user, version, status, content } of told) {
      if (version !== null) note(all[user]!, user, version, status, content, report);
    }
  }
  for (const { rows } of history.reads) {
    for (const { user, version, status, content } of rows) {
      note(all[user]!, user, version, status, content, report);
    }
  }
  return all;
};

/** S5, S6: on one connection versions grow, and a change is told once. */
const checkTold = (watching: Watching, mayForget: boolean, report: Report): void => {
  const last = new Map<number, number>();
  const where = `watcher ${watching.watcher} on ${watching.node}`;
  for (const { user, version, via } of watching.told) {
    if (version === null || (version === NEVER_SEEN && mayForget)) continue;
    const before = last.get(user);
    if (before !== undefined && version < before) {
      report('S5', `${where} was told version ${version} of user ${user} after ${before}`);
    }
    if (before === version && via === 'changes') {
      report('S6', `${where} was told version ${version} of user ${user} twice`);
    }
    last.set(user, Math.max(version, before ?? version));
  }
};

/** S3: no transition is counted twice, whoever noticed it. */
const checkTransitions = (
  { events, faults }: History,
  user: number,
  seen: Map<number, Seen>,
  truth: Truth,
  report: Report,
): void => {
  const versions = [...seen.keys()]
    .filter((version) => version !== NEVER_SEEN)
    .sort((a, b) => a - b);
  const openings = events[user]!.filter(({ kind }) => kind === 'opening').length;
  const ends = versions.filter((version) => seen.get(version)!.status === 'offline');
  if (ends.length > openings) {
    report(
      'S3',
      `user ${user} went offline in ${ends.length} versions (${ends.join()}) after ${openings} links`,
    );
  }
  // Versions are instants of the store's clock, which is the machine's unless somebody moved it.
  if (faults.some(({ kind }) => kind === 'clock')) return;
  for (const [place, version] of versions.entries()) {
    const before = versions[place - 1];
    if (before === undefined || seen.get(before)!.status !== seen.get(version)!.status) continue;
    const isOffline = seen.get(version)!.status === 'offline';
    if (covers(isOffline ? truth.offline : truth.held, before, version)) {
      report('S3', `user ${user} has versions ${before} and ${version} though nothing happened`);
    }
  }
};

interface Sight {
  readonly at: Moment;
  readonly user: number;
  readonly version: number;
}

const sightsOf = (history: History): Sight[] =>
  [
    ...history.watchings.flatMap(({ told }) =>
      told.flatMap(({ at, user, version }) => (version === null ? [] : [{ at, user, version }])),
    ),
    ...history.reads.flatMap(({ answeredAt, rows }) =>
      rows.map(({ user, version }) => ({ at: answeredAt, user, version })),
    ),
  ].sort((a, b) => a.at - b.at);

/** S4: what anybody was shown, nobody reads an older version of afterwards. */
const checkMonotone = (history: History, report: Report): void => {
  const sights = sightsOf(history);
  const newest = new Map<number, number>();
  const losses = history.faults.filter(({ kind }) => kind === 'store-lost');
  let next = 0;
  for (const { askedAt, node, rows } of [...history.reads].sort((a, b) => a.askedAt - b.askedAt)) {
    const loss = losses.findLast(({ from }) => from <= askedAt);
    if (loss && askedAt < loss.until + ATTACHED_AGAIN_MS) continue;
    for (; next < sights.length && sights[next]!.at < askedAt; next += 1) {
      const { at, user, version } = sights[next]!;
      if (loss && at < loss.until + ATTACHED_AGAIN_MS) continue;
      newest.set(user, Math.max(version, newest.get(user) ?? 0));
    }
    for (const { user, version } of rows) {
      const before = newest.get(user) ?? 0;
      if (version >= before) continue;
      // The records of those who did not come back were lost.
      if (loss && version === NEVER_SEEN) continue;
      report('S4', `${node} read version ${version} of user ${user} after ${before} was shown`);
    }
  }
};

/** S3 to S6: over everything that anybody was shown. */
export const checkVersions = (history: History, truth: readonly Truth[], report: Report): void => {
  const mayForget = history.faults.some(({ kind }) => kind === 'store-lost');
  const versions = collect(history, report);
  for (const watching of history.watchings) checkTold(watching, mayForget, report);
  versions.forEach((seen, user) => checkTransitions(history, user, seen, truth[user]!, report));
  checkMonotone(history, report);
};
