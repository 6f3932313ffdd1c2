import type { Cancel, Policy } from '@presence/core';
import type { ResolvedOptions } from './context.ts';
import { DEFAULT_TENANT } from './tenant/tenant.ts';

/** How long after a store that did not answer it is asked again. */
const AGAIN_MS = 5000;

const settingsOf = (policy: string): Record<string, unknown> => {
  try {
    return JSON.parse(policy) as Record<string, unknown>;
  } catch {
    return {};
  }
};

/** Settings that both know and that differ: another release may know more of them. */
const differences = (here: string, there: string): string[] => {
  const theirs = settingsOf(there);
  return Object.entries(settingsOf(here)).flatMap(([name, value]) => {
    const [mine, other] = [value, theirs[name]].map((each) => JSON.stringify(each));
    return other === undefined || mine === other ? [] : [`${name}: ${mine} here, ${other} there`];
  });
};

/**
 * Warns once where whoever used the store before judged by another policy: users are judged by the node
 * that meets them first.
 */
export const warnOfOtherPolicy = ({
  store,
  clock,
  logger,
  policyOf,
}: Pick<ResolvedOptions, 'store' | 'clock' | 'logger' | 'policyOf'>): Cancel => {
  let cancel: Cancel = () => undefined;
  let isOver = false;
  const here = JSON.stringify(policyOf(DEFAULT_TENANT) satisfies Policy);

  const compare = async (): Promise<void> => {
    try {
      const there = (await store.comparePolicy?.(here)) ?? null;
      const settings = there === null ? [] : differences(here, there);
      if (settings.length === 0) return;
      logger.warn(
        { settings },
        '[presence/policy] Whoever used this store before has another policy. After a deploy that changes it this is said once; else two applications share the store: give each a prefix of its own.',
      );
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
