import type { Status } from '@presence/core';
import { endOf, type KnownClaim, type KnownSession, type KnownUser } from './facts.ts';
import { IDLE_TOLERANCE_MS, OFFLINE_AFTER_IDLE_MS, SILENT_IDLE_MS, SLACK_MS } from './timing.ts';

/** The statuses that a read may show at one instant: one, but for the moments in which an end is under way. */
export interface Expected {
  readonly own: ReadonlySet<Status>;
  readonly public: ReadonlySet<Status>;
}

/** How one session may stand: gone, active, or idle since some instant between two. */
type Standing = 'gone' | 'active' | { readonly least: number; readonly most: number };

const activityOf = (session: KnownSession, at: number): readonly Standing[] => {
  const { idleSince, activeAt, stalledMs, socket } = session;
  if (idleSince !== null) return [{ least: idleSince, most: idleSince + stalledMs }];
  if (socket === null) return ['active'];
  const silentAt = activeAt + SILENT_IDLE_MS;
  const idle = { least: activeAt, most: activeAt + stalledMs };
  if (at < silentAt) return ['active'];
  return at < silentAt + stalledMs + SLACK_MS ? ['active', idle] : [idle];
};

const standings = (session: KnownSession, at: number): readonly Standing[] => {
  const { from, by } = endOf(session);
  if (at >= by) return ['gone'];
  const activity = activityOf(session, at);
  return at >= from ? ['gone', ...activity] : activity;
};

const winner = (user: KnownUser, at: number, isPresent: boolean): KnownClaim | null => {
  let best: KnownClaim | null = null;
  for (const claim of user.claims.values()) {
    if (claim.until !== null && claim.until <= at) continue;
    if (!isPresent && !claim.holdsAbsent) continue;
    const isBetter =
      best === null ||
      claim.priority > best.priority ||
      (claim.priority === best.priority && claim.setAt > best.setAt);
    if (isBetter) best = claim;
  }
  return best;
};

const derived = (user: KnownUser, sessions: readonly Standing[], at: number): readonly Status[] => {
  const present = sessions.filter((standing) => standing !== 'gone');
  const claim = winner(user, at, present.length > 0);
  if (claim) return [claim.status];
  if (present.length === 0) return ['offline'];
  if (present.includes('active')) return ['online'];
  const idle = present.filter((standing) => typeof standing === 'object');
  const limit = at - OFFLINE_AFTER_IDLE_MS;
  const least = Math.max(...idle.map((standing) => standing.least));
  const most = Math.max(...idle.map((standing) => standing.most));
  const statuses: Status[] = [];
  if (least <= limit + IDLE_TOLERANCE_MS) statuses.push('offline');
  if (most > limit - IDLE_TOLERANCE_MS) statuses.push('away');
  return statuses;
};

/** Every way in which the sessions may stand together. */
const combinations = (options: readonly (readonly Standing[])[]): readonly Standing[][] =>
  options.reduce<Standing[][]>(
    (all, one) => all.flatMap((before) => one.map((standing) => [...before, standing])),
    [[]],
  );

const OFFLINE: ReadonlySet<Status> = new Set(['offline']);

/** What reads of a user may show now, derived anew from what was acknowledged. */
export const expectedOf = (user: KnownUser, at: number): Expected => {
  if (user.account !== 'active') return { own: OFFLINE, public: OFFLINE };
  const sessions = [...user.sessions.values()].map((session) => standings(session, at));
  const own = new Set(combinations(sessions).flatMap((one) => derived(user, one, at)));
  return { own, public: user.visibility === 'hidden' ? OFFLINE : own };
};
