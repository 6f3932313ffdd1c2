import {
  createPeakCounter,
  daysOf,
  hoursOf,
  peakOf,
  PresenceError,
  spansOf,
  TENANT_SCOPE,
  timeOnline,
  usualHours,
  type Day,
  type Instant,
  type Key,
  type PresenceRecord,
  type Range,
  type Step,
} from '@presence/core';
import type { InsightsAnswer, PeaksAnswer } from '@presence/core/protocol';
import type { Engine } from '../engine/types.ts';
import type { History } from './history.ts';
import type { InsightsOptions } from './types.ts';

interface Parts {
  readonly engine: Pick<Engine, 'read' | 'count'>;
  readonly keep: History;
}

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;
const PAGE = 2000;

/** What one question may look through. More take a shorter one. */
const MOST_STEPS = Object.freeze({ ofOne: 100_000, ofAll: 1_000_000 });

const checkSize = (count: number, most: number): void => {
  if (count <= most) return;
  throw new PresenceError(
    'invalid_request',
    `days: there are more than ${most} transitions in them. Ask for fewer days.`,
  );
};

/** The last so many days of a time zone, and the time up to now that lies in them. */
const lastDays = (at: Instant, { timeZone = 'UTC', days = DEFAULT_DAYS }: InsightsOptions) => {
  const touched = daysOf({ from: at - days * DAY_MS, until: at + 1 }, timeZone);
  const asked: readonly Day[] = touched.slice(-days);
  const range: Range = { from: asked[0]?.from ?? at, until: at };
  return { timeZone, days: asked, range };
};

const allSteps = async (keep: History, key: Key, range: Range): Promise<readonly Step[]> => {
  const steps: Step[] = [];
  for (let after: number | null = null, more = true; more;) {
    const page = await keep.read({ key, ...range, order: 'oldest', after, limit: PAGE });
    steps.push(...page.steps);
    checkSize(steps.length, MOST_STEPS.ofOne);
    after = page.steps.at(-1)?.revision ?? null;
    more = page.more;
  }
  return steps;
};

/** Together with what the record knows: the status that began before all that is kept, and what was not written down yet. */
const withRecord = (
  before: Step | null,
  kept: readonly Step[],
  record: PresenceRecord | null,
): readonly Pick<Step, 'at' | 'status'>[] => {
  const last = before?.revision ?? 0;
  const recent = (record?.steps ?? []).filter(({ revision }) => revision > last);
  const byRevision = new Map([...kept, ...recent].map((step) => [step.revision, step]));
  const steps = [...byRevision.values()].sort((a, b) => a.revision - b.revision);
  if (before) return [before, ...steps];
  const { since, status } = record?.own ?? { since: null, status: 'offline' as const };
  const isOlder = since !== null && since < (steps[0]?.at ?? Infinity);
  return isOlder ? [{ at: since, status }, ...steps] : steps;
};

/** When one user is online: each day, and usually. */
export const readInsights = async (
  { engine, keep }: Parts,
  key: Key,
  options: InsightsOptions,
): Promise<InsightsAnswer> => {
  const { at, record } = await engine.read(key);
  const { timeZone, days, range } = lastDays(at, options);
  const [before, kept] = await Promise.all([
    keep.stepBefore(key, range.from),
    allSteps(keep, key, range),
  ]);
  const spans = spansOf(withRecord(before, kept, record), range);
  return {
    timeZone,
    days: timeOnline(spans, days),
    ...usualHours(spans, hoursOf(days, timeZone)),
    asOf: at,
  };
};

/** How many of a tenant were there together, at most. */
export const readPeaks = async (
  { engine, keep }: Parts,
  tenant: string,
  options: InsightsOptions,
): Promise<PeaksAnswer> => {
  const { at } = await engine.count({ tenant, scope: TENANT_SCOPE });
  const { timeZone, days, range } = lastDays(at, options);
  const counter = createPeakCounter(await keep.presentAt(tenant, range.from), days, range);
  let count = 0;
  for await (const page of keep.stepsOf(tenant, range)) {
    count += page.length;
    checkSize(count, MOST_STEPS.ofAll);
    for (const step of page) counter.add(step);
  }
  const peaks = counter.days();
  return { timeZone, peak: peakOf(peaks), days: peaks, asOf: at };
};
