import { derive } from './derive.ts';
import type { Instant } from './lease.ts';
import type { Policy } from './policy.ts';
import { KEPT_STEPS, type Cause, type PresenceRecord, type Step, type View } from './record.ts';

/** A record whose facts have changed and whose views have not been brought up to them yet. */
export type Draft = Omit<PresenceRecord, 'revision' | 'updatedAt' | 'steps'>;

/** The record after one transition, and the step if anybody's view of it changed. */
export interface Transition {
  readonly record: PresenceRecord;
  readonly step: Step | null;
}

const NO_DEVICES: readonly never[] = Object.freeze([]);
const NO_STEPS: readonly never[] = Object.freeze([]);

const devicesOf = (sessions: PresenceRecord['sessions']): readonly string[] => {
  const devices = new Set<string>();
  for (const { device } of sessions) if (device !== null) devices.add(device);
  return devices.size === 0 ? NO_DEVICES : [...devices].sort();
};

type Content = Omit<View, 'version' | 'since'>;

const contentOf = (draft: Draft, at: Instant, policy: Policy): Content => {
  const { status, by, claim } = derive(draft, at, policy);
  const offline = status === 'offline';
  return {
    status,
    lastSeenAt: offline ? draft.seenAt : null,
    // Who declared themselves away goes on giving input, and nobody has to hear of each.
    lastActiveAt: offline || by === 'idle' ? draft.activeAt : null,
    message: offline ? null : (claim?.message ?? null),
    emoji: offline ? null : (claim?.emoji ?? null),
    devices: offline ? NO_DEVICES : devicesOf(draft.sessions),
  };
};

const sameDevices = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((device, index) => device === b[index]));

/** Whoever stays offline stays as they were: nothing that happens meanwhile is anybody's business. */
const sameContent = (view: View, content: Content): boolean =>
  view.status === content.status &&
  (view.status === 'offline' ||
    (view.lastActiveAt === content.lastActiveAt &&
      view.message === content.message &&
      view.emoji === content.emoji &&
      sameDevices(view.devices, content.devices)));

const follow = (view: View, content: Content, version: number, at: Instant): View => {
  if (sameContent(view, content)) return view;
  const { status, lastSeenAt, lastActiveAt, message, emoji, devices } = content;
  const since = view.status === status ? view.since : at;
  return { version, status, since, lastSeenAt, lastActiveAt, message, emoji, devices };
};

const later = (a: Instant | null, b: Instant): Instant => (a === null || b > a ? b : a);

/** To others, someone who hides has just left, unless only a claim was there. */
const frozen = (view: View, draft: Draft, version: number, at: Instant): View =>
  view.status === 'offline'
    ? view
    : {
        version,
        status: 'offline',
        since: at,
        lastSeenAt: draft.sessions.length > 0 ? later(draft.seenAt, at) : draft.seenAt,
        lastActiveAt: draft.activeAt,
        message: null,
        emoji: null,
        devices: NO_DEVICES,
      };

const isPresent = (facts: Draft, own: View): boolean =>
  facts.sessions.length > 0 && own.status !== 'offline';

/** When the user was last seen: moves on in the moment in which they stop being present. */
const seenAt = (
  before: PresenceRecord,
  draft: Draft,
  at: Instant,
  policy: Policy,
): Instant | null => {
  if (!isPresent(before, before.own)) return before.seenAt;
  const stays = draft.sessions.length > 0 && derive(draft, at, policy).status !== 'offline';
  return stays ? before.seenAt : later(before.seenAt, at);
};

const viewsOf = (
  before: PresenceRecord,
  draft: Draft,
  version: number,
  at: Instant,
  policy: Policy,
): Pick<PresenceRecord, 'own' | 'public'> => {
  const content = contentOf(draft, at, policy);
  const own = follow(before.own, content, version, at);
  if (draft.visibility === 'hidden')
    return { own, public: frozen(before.public, draft, version, at) };
  const shown = follow(before.public, content, version, at);
  // One object where they are equal: most users never hide, and a record is held once per user.
  const same = shown.version === own.version && shown.since === own.since;
  return { own, public: same ? own : shown };
};

const appended = (steps: readonly Step[], step: Step | null): readonly Step[] =>
  step ? [...steps, step].slice(-KEPT_STEPS) : steps;

/** Tickets that could not be used anyway are not worth keeping. */
const unspent = (spent: Draft['spent'], at: Instant): Draft['spent'] =>
  spent.some(({ until }) => until <= at) ? spent.filter(({ until }) => until > at) : spent;

/**
 * The same, written out: an object made by spreading carries its fields in a second, larger one,
 * and a record is held once per user.
 */
const compact = (record: PresenceRecord): PresenceRecord => ({
  userId: record.userId,
  revision: record.revision,
  updatedAt: record.updatedAt,
  seenAt: record.seenAt,
  activeAt: record.activeAt,
  sessions: record.sessions,
  claims: record.claims,
  visibility: record.visibility,
  account: record.account,
  signedOutAt: record.signedOutAt,
  spent: record.spent,
  public: record.public,
  own: record.own,
  steps: record.steps,
});

/**
 * Gives a change of facts its revision and brings both views up to it.
 *
 * The revision is max(previous + 1, instant): the same for everybody who computes it, growing over
 * deletion and loss of data, and exact wherever numbers are doubles.
 */
export const transition = (
  before: PresenceRecord,
  facts: Draft,
  at: Instant,
  cause: Cause,
  policy: Policy,
): Transition => {
  const revision = Math.max(before.revision + 1, at);
  const draft: Draft = {
    ...facts,
    seenAt: seenAt(before, facts, at, policy),
    spent: unspent(facts.spent, at),
  };
  const views = viewsOf(before, draft, revision, at, policy);
  // By version: a record that a store read back has its two views as objects of their own.
  const changed =
    views.own.version !== before.own.version || views.public.version !== before.public.version;
  const step: Step | null = changed
    ? { revision, version: views.public.version, status: views.own.status, at, cause }
    : null;
  return {
    record: compact({
      ...draft,
      ...views,
      revision,
      updatedAt: at,
      steps: appended(before.steps, step),
    }),
    step,
  };
};

/** The record without its last transitions. The new revision tells those before it from those that come. */
export const withoutSteps = (record: PresenceRecord, at: Instant): PresenceRecord =>
  compact({ ...record, revision: Math.max(record.revision + 1, at), steps: NO_STEPS });
