import { PresenceError } from '@presence/core';
import { countQuerySchema, idSchema } from '@presence/core/protocol';
import type { Schema, SchemaIssue } from './route.ts';

type Params = Readonly<Record<string, string>>;

const NOTHING: Params = Object.freeze({});

/** For routes that take no query. */
export const noQuery: Schema<Params> = countQuerySchema;

/** For paths without parameters. */
export const noParams: Schema<Params> = countQuerySchema;

const idParam = <Name extends string>(name: Name): Schema<Readonly<Record<Name, string>>> => {
  const inName = (issue: SchemaIssue): SchemaIssue => ({ ...issue, path: [name] });
  return {
    safeParse: (value) => {
      const result = idSchema.safeParse((value as Params)[name]);
      return result.success
        ? { success: true, data: { [name]: result.data } as Record<Name, string> }
        : { success: false, error: { issues: result.error.issues.map(inName) } };
    },
  };
};

/** For paths that name a user. */
export const userIdParam = idParam('userId');

/** For paths that name a room. */
export const roomParam = idParam('room');

/**
 * A query string as an object of texts.
 *
 * @throws PresenceError `invalid_request` where a name is given twice: no reading of it is the right one
 */
export const parseQuery = (query: string): Params => {
  if (query === '') return NOTHING;
  const entries = [...new URLSearchParams(query)];
  if (new Set(entries.map(([name]) => name)).size < entries.length) {
    throw new PresenceError('invalid_request', 'A query parameter may be given once only.');
  }
  return Object.fromEntries(entries);
};
