import type { Cancel, Policy } from '@presence/core';
import type { ResolvedOptions } from './context.ts';
import { DEFAULT_TENANT } from './tenant/tenant.ts';
import type { Logger } from './types.ts';

/** How long after a store that did not answer it is asked again. */
const AGAIN_MS = 5000;

/** In the place of a setting: whether what is committed is written into a history. */
const HISTORY = 'history';

/** How a process judges, and whether it keeps a history, as a text to be compared. */
export const settingsText = (policy: Policy, keepsHistory: boolean): string =>
  JSON.stringify({ ...policy, [HISTORY]: keepsHistory ? 'kept' : 'none' });

const settingsOf = (policy: string): Record<string, unknown> => {
  try {
    return JSON.parse(policy) as Record<string, unknown>;
  } catch {
    return {};
  }
};

/** Settings that both know and that differ: another release may know more of them. */
export const differences = (here: string, there: string): string[] => {
  const theirs = settingsOf(there);
  return Object.entries(settingsOf(here)).flatMap(([name, value]) => {
    const [mine, other] = [value, theirs[name]].map((each) => JSON.stringify(each));
    return other === undefined || mine === other ? [] : [`${name}: ${mine} here, ${other} there`];
  });
};

const isOfHistory = (setting: string): boolean => setting.startsWith(`${HISTORY}:`);

const warn = (logger: Logger, settings: readonly string[]): void => {
  const history = settings.filter(isOfHistory);
  const judged = settings.filter((setting) => !isOfHistory(setting));
  if (judged.length > 0) {
    logger.warn(
      { settings: judged },
      '[presence/policy] Whoever used this store before has another policy. After a deploy that changes it this is said once; else two applications share the store: give each a prefix of its own.',
    );
  }
  if (history.length > 0) {
    logger.warn(
      { settings: history },
      '[presence/history] Of this process and whoever used this store before only one keeps a history: what the other commits is not in it. After a deploy that turns it on or off this is said once; else turn it on in every process, and pass --history to presence reap.',
    );
  }
};

/**
 * Warns once where whoever used the store before judged by another policy, or kept another history: users are judged, and
 * what becomes of them is written down, by the node that meets them first.
 */
export const warnOfOtherPolicy = ({
  store,
  clock,
  logger,
  policyOf,
  history,
}: Pick<ResolvedOptions, 'store' | 'clock' | 'logger' | 'policyOf' | 'history'>): Cancel => {
  let cancel: Cancel = () => undefined;
  let isOver = false;
  const here = settingsText(policyOf(DEFAULT_TENANT), history !== null);

  const compare = async (): Promise<void> => {
    try {
      const there = (await store.comparePolicy?.(here)) ?? null;
      if (there !== null) warn(logger, differences(here, there));
    } catch {
      if (!isOver) cancel = clock.after(AGAIN_MS, () => void compare());
    }
  };
  void compare();
  return () => {
    isOver = true;
    cancel();
  };
};
