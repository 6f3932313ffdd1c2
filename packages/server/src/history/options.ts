import { PresenceError } from '@presence/core';
import type { PresenceStore } from '../stores/store.ts';
import type { History } from './history.ts';
import { memoryHistory } from './memory-history.ts';

/** What is kept of the past. `{}` keeps it with every default. */
export interface HistoryOptions {
  /** How long a transition is kept before it is deleted. Default 30 days, in ms. */
  readonly retentionMs?: number;
  /**
   * Where it is kept. Default: where the store keeps it, `sqlStore` in the transaction of each change;
   * with a `sink` there; beside the memory store in memory. Stores that keep none need one, such as `sqlHistory({ db })`.
   */
  readonly keep?: History;
}

/** {@link HistoryOptions} with every default filled in. */
export interface ResolvedHistory {
  readonly retentionMs: number;
  readonly keep: History;
  /** Steps are written with the change that makes them. */
  readonly isKeptByStore: boolean;
}

const KNOWN = ['retentionMs', 'keep'];

const DAY_MS = 86_400_000;
const DEFAULT_RETENTION_MS = 30 * DAY_MS;
const LONGEST_RETENTION_MS = 3650 * DAY_MS;

const invalid = (what: string): PresenceError =>
  new PresenceError('invalid_options', `[presence/options] ${what}`);

const checkShape = (options: HistoryOptions): void => {
  if (typeof options !== 'object' || options === null) {
    throw invalid(`history must be an object, such as {}: saw ${JSON.stringify(options)}.`);
  }
  for (const name of Object.keys(options)) {
    if (!KNOWN.includes(name)) {
      throw invalid(`history.${name} is not an option. Known: ${KNOWN.join(', ')}.`);
    }
  }
};

const keepOf = (
  keep: History | undefined,
  store: PresenceStore,
  ofSink: History | undefined,
): Omit<ResolvedHistory, 'retentionMs'> => {
  if (store.keepHistory) {
    if (keep === undefined) return { keep: store.keepHistory(), isKeptByStore: true };
    throw invalid(
      'history.keep is set, and the store keeps the history itself, with each change. Leave out history.keep.',
    );
  }
  const given = keep ?? ofSink;
  if (given !== undefined) return { keep: given, isKeptByStore: false };
  if (store.isLocal === true) return { keep: memoryHistory(), isKeptByStore: false };
  throw invalid(
    'history.keep is missing: this store keeps no history. Pass one, such as sqlHistory({ db }).',
  );
};

/** @throws PresenceError `invalid_options` */
export const resolveHistory = (
  options: HistoryOptions | undefined,
  store: PresenceStore,
  ofSink?: History,
): ResolvedHistory | null => {
  if (options === undefined) return null;
  checkShape(options);
  const { retentionMs = DEFAULT_RETENTION_MS, keep } = options;
  if (!Number.isInteger(retentionMs) || retentionMs < 1 || retentionMs > LONGEST_RETENTION_MS) {
    throw invalid(
      `history.retentionMs must be a whole number from 1 to ${LONGEST_RETENTION_MS}: saw ${String(retentionMs)}. Durations are milliseconds.`,
    );
  }
  return Object.freeze({ retentionMs, ...keepOf(keep, store, ofSink) });
};
