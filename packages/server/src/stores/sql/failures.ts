import { PresenceError } from '@presence/core';
import { codeOf, type Meaning } from './dialect.ts';

const RETRY_AFTER_MS = 2000;

/** Codes of Postgres, MySQL and SQLite. Those of Node and of the drivers look otherwise: nobody answered those. */
const OF_A_DATABASE = /^(?:(?:ER|EE|HA|WARN|SQLITE)_\w+|\d+|(?=.*\d)[0-9A-Z]{5})$/;

/** What a database says that names tables and columns at most: other words may hold users, addresses and what people wrote. */
const PLAIN = [
  /^(?:permission denied for|must be owner of) (?:schema|table|view|sequence|function) [^\s@]+$/,
  /^(?:table|relation) [^\s@]+ already exists$/i,
  /^unknown database [^\s@']+$/,
];

/** A database's own code, with its words where they may be told; `null`: it has said nothing. */
const toldOf = (error: unknown): string | null => {
  const code = codeOf(error);
  if (!OF_A_DATABASE.test(code)) return null;
  const { message = '' } = error as { readonly message?: string };
  return PLAIN.some((words) => words.test(message)) ? `${code}: ${message}` : code;
};

const answered = (told: string): string =>
  `The database answered with an error (${told}).${told.includes(': ') ? '' : ' Its cause has the database’s own words.'}`;

const ADVICE: Readonly<Record<Meaning, (told: string | null) => string>> = Object.freeze({
  again: () => 'The database refused again and again because others changed the same rows.',
  missing: () =>
    'The database has no presence tables under this prefix and schema. Run migrate(db), or: npx presence migrate.',
  'no-database': (told) =>
    `The database that the connection names is not there (${told}). Create it, or correct the name.`,
  login: (told) =>
    `The database refused the login (${told}). Check the connection’s user name and password, and whether the user may come from here.`,
  rights: (told) =>
    `The database refused: the connection’s user may not do it (${told}). Grant the right, or connect as somebody who has it.`,
  'read-only': () =>
    'The database is read-only. Pass a connection to the primary, or open the file, with the right to write.',
  closing: (told) =>
    `The database takes no connection now, or ended this one (${told}): it starts or stops, somebody ended it, or there are too many.`,
  down: (told) => (told === null ? 'The database did not answer.' : answered(told)),
});

/** Where drivers put the statement, its values and whole rows: what people wrote is in them. */
const WRITTEN = ['sql', 'query', 'params', 'detail', 'where', 'internalQuery'];

/** What may be logged of a driver's error. */
const withoutStatement = (cause: unknown): unknown => {
  if (!(cause instanceof Error) || !WRITTEN.some((name) => name in cause)) return cause;
  const { name, message, stack } = cause;
  const rest = Object.entries(cause).filter(([each]) => !WRITTEN.includes(each));
  return Object.assign(new Error(message), Object.fromEntries(rest), { name, stack });
};

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
  cause instanceof PresenceError
    ? cause
    : failed(ADVICE[meaning](toldOf(cause)), withoutStatement(cause));

export const tooLate = (deadlineMs: number): PresenceError =>
  failed(`The database did not answer within ${deadlineMs} ms.`);

export const closed = (): PresenceError =>
  new PresenceError(
    'store_unavailable',
    '[presence/sql] The store is closed: it was called after close(). Close the engine before its store.',
  );

export const invalid = (what: string, cause?: unknown): PresenceError =>
  new PresenceError('invalid_options', `[presence/sql] ${what}`, {
    cause: withoutStatement(cause),
  });

/** Others migrate the same tables, or a connection of theirs that is lost holds the lock still. */
export const lockedOut = (seconds: number): PresenceError =>
  failed(`Somebody else has been migrating the same tables for ${seconds} s. Try again.`);
