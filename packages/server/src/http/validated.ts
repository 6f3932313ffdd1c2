import { PresenceError } from '@presence/core';
import type { Schema, SchemaIssue } from './route.ts';

const described = ({ path, message }: SchemaIssue): string =>
  path.length > 0 ? `${path.map(String).join('.')}: ${message}` : message;

/**
 * A value as a schema gives it.
 *
 * @throws PresenceError `invalid_request`: where and what, without repeating the input
 */
export const validated = <Value>(schema: Schema<Value>, value: unknown): Value => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const sentences = result.error.issues.slice(0, 3).map(described);
  throw new PresenceError('invalid_request', sentences.join('; ').slice(0, 500));
};
