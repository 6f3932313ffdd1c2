import { PresenceError } from '@presence/core';
import { idSchema, LIMITS } from '@presence/core/protocol';

/** @throws PresenceError `invalid_request` for what no store may be asked to hold as an id */
export const checkId = (what: string, id: unknown): void => {
  if (idSchema.safeParse(id).success) return;
  throw new PresenceError(
    'invalid_request',
    `[presence/server] ${what} must be a text of 1 to ${LIMITS.idLength} characters without control characters: saw ${(JSON.stringify(id) ?? typeof id).slice(0, 80)}.`,
  );
};
