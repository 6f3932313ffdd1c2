import type { Key, Status, Step } from '@presence/core';
import type { UserSteps } from '../../history/history.ts';

export const keyOf = (userId: string, tenant = 'acme'): Key => ({ tenant, userId });

/** A step whose numbers are its instant. */
export const step = (at: number, status: Status): Step => ({
  revision: at,
  version: at,
  status,
  at,
  cause: 'activity',
});

export const entry = (userId: string, steps: readonly Step[], tenant = 'acme'): UserSteps => ({
  key: keyOf(userId, tenant),
  steps,
});
