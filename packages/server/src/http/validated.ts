import { PresenceError } from '@presence/core';
import { describeIssues } from '@presence/core/protocol';
import type { Schema } from './route.ts';

/**
 * A value as a schema gives it.
 *
 * @throws PresenceError `invalid_request`: where and what, without repeating the input
 */
export const validated = <Value>(schema: Schema<Value>, value: unknown): Value => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new PresenceError('invalid_request', describeIssues(result.error).slice(0, 500));
};
