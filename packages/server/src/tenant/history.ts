import { PresenceError, type Key } from '@presence/core';
import { LIMITS } from '@presence/core/protocol';
import type { Engine } from '../engine/types.ts';
import { eraseHistory } from '../history/erase.ts';
import { readInsights, readPeaks } from '../history/insights.ts';
import type { NodeHistory } from '../history/node-history.ts';
import { exportSteps, tellPage } from '../history/pages.ts';
import type { InsightsOptions, TenantHistory } from '../history/types.ts';
import { isTimeZone } from '@presence/core';

interface Parts {
  readonly tenant: string;
  readonly engine: Engine;
  readonly history: NodeHistory | null;
  keyOf(userId: string): Key;
}

const DEFAULT_PAGE = 100;

const invalid = (what: string): PresenceError =>
  new PresenceError('invalid_request', `[presence/history] ${what}`);

const checkWhole = (name: string, value: number, least: number, most: number): void => {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw invalid(`${name} must be a whole number from ${least} to ${most}: saw ${String(value)}.`);
};

const checkInsights = ({ timeZone, days }: InsightsOptions): InsightsOptions => {
  if (days !== undefined) checkWhole('days', days, 1, LIMITS.insightDays);
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    throw invalid(
      `timeZone must be the name of a time zone, such as Europe/Berlin: saw ${JSON.stringify(timeZone)}.`,
    );
  }
  return { ...(timeZone !== undefined && { timeZone }), ...(days !== undefined && { days }) };
};

/** In process a cursor is the revision itself. */
const afterOf = (cursor: string | undefined): number | null => {
  if (cursor === undefined) return null;
  if (/^[0-9]{1,16}$/.test(cursor)) return Number(cursor);
  throw invalid('cursor is not one of these: give back the nextCursor of the page before.');
};

/** The history of a tenant, for the application's own code. */
export const createTenantHistory = ({ tenant, engine, history, keyOf }: Parts): TenantHistory => {
  const on = (): NodeHistory => {
    if (history) return history;
    throw new PresenceError(
      'invalid_options',
      '[presence/history] No history is kept. Turn it on: createPresence({ history: {} }).',
    );
  };
  return {
    read: async (userId, options = {}) => {
      const { from = 0, until = Number.MAX_SAFE_INTEGER, limit = DEFAULT_PAGE } = options;
      checkWhole('limit', limit, 1, LIMITS.pageSize);
      checkWhole('from', from, 0, Number.MAX_SAFE_INTEGER);
      checkWhole('until', until, from + 1, Number.MAX_SAFE_INTEGER);
      const after = afterOf(options.cursor);
      const query = { key: keyOf(userId), from, until, order: 'newest', after, limit } as const;
      const { steps, next } = await tellPage(on().keep, query);
      return { steps, ...(next !== null && { nextCursor: String(next) }) };
    },
    export: (userId) => exportSteps(on().keep, keyOf(userId)),
    insights: async (userId, options = {}) =>
      readInsights({ engine, keep: on().keep }, keyOf(userId), checkInsights(options)),
    peaks: async (options = {}) =>
      readPeaks({ engine, keep: on().keep }, tenant, checkInsights(options)),
    erase: async (userId) => eraseHistory({ engine, history: on() }, keyOf(userId)),
  };
};
