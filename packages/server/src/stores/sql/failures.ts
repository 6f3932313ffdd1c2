import { PresenceError } from '@presence/core';
import type { Meaning } from './dialect.ts';

const RETRY_AFTER_MS = 2000;

const ADVICE: Readonly<Record<Meaning, string>> = Object.freeze({
  again: 'The database refused again and again because others changed the same rows.',
  missing:
    'The database has no presence tables under this prefix and schema. Run migrate(db), or: npx presence migrate.',
  'read-only':
    'The database is read-only. Pass a connection to the primary, or open the file, with the right to write.',
  down: 'The database did not answer.',
});

const failed = (what: string, cause?: unknown): PresenceError =>
  new PresenceError('store_unavailable', `[presence/sql] ${what}`, {
    cause,
    retryAfterMs: RETRY_AFTER_MS,
  });

/** The tables are there, but not all that this release knows. */
export const outdated = (missing: readonly string[]): PresenceError =>
  failed(
    `The presence tables are of an older release: ${missing.join(', ')} was not applied. ` +
      'Run migrate(db), or: npx presence migrate.',
  );

/** A failure of the database or its connection, as callers may know it. Nothing of an address or a password. */
export const unavailable = (cause: unknown, meaning: Meaning = 'down'): PresenceError =>
  cause instanceof PresenceError ? cause : failed(ADVICE[meaning], cause);

export const tooLate = (deadlineMs: number): PresenceError =>
  failed(`The database did not answer within ${deadlineMs} ms.`);

export const closed = (): PresenceError =>
  new PresenceError(
    'store_unavailable',
    '[presence/sql] The store is closed: it was called after close(). Close the engine before its store.',
  );

export const invalid = (what: string, cause?: unknown): PresenceError =>
  new PresenceError('invalid_options', `[presence/sql] ${what}`, { cause });
