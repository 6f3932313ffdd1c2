import { PresenceError } from '@presence/core';
import type { HttpAnswer } from '../http/types.ts';

const REVISION = /^"(0|[1-9]\d{0,15})"$/;

/** The entity tag of a revision. */
const etagOf = (revision: number): string => `"${revision}"`;

/**
 * The revision that `If-Match` names; `undefined`: whichever there is.
 *
 * @throws PresenceError `invalid_request` for what is no tag of these routes
 */
export const ifRevision = (header: string | undefined): number | undefined => {
  if (header === undefined || header.trim() === '*') return undefined;
  const [, digits] = REVISION.exec(header.trim()) ?? [];
  if (digits !== undefined) return Number(digits);
  throw new PresenceError(
    'invalid_request',
    'If-Match: must be the ETag of this user as it was given, or *.',
  );
};

export const tagged = (answer: HttpAnswer, revision: number): HttpAnswer => ({
  ...answer,
  headers: { ...answer.headers, etag: etagOf(revision) },
});
