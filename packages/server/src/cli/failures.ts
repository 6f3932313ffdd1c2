import { isPresenceError, PresenceError } from '@presence/core';

/** What the command was told cannot work. */
export const refused = (what: string, cause?: unknown): PresenceError =>
  new PresenceError('invalid_options', `[presence/cli] ${what}`, { cause });

/** Exit codes, as docs/cli.md lists them. */
export const EXIT = Object.freeze({
  done: 0,
  /** The store did not do it; the same may work later. */
  failed: 1,
  /** Somebody has to change something first: the command, or what it was pointed at. */
  refused: 2,
  /** It was looked at and is not as it should be. */
  notWell: 3,
});

export const exitCodeOf = (error: unknown): number => {
  if (!isPresenceError(error)) return EXIT.failed;
  const isToChange = /^(?:invalid_|not_found$)/.test(error.code);
  return isToChange ? EXIT.refused : EXIT.failed;
};

const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  // Where a name has several addresses, each was tried, and the whole has no words of its own.
  const [first] = error instanceof AggregateError ? error.errors : [];
  return error.message || (first === undefined ? error.name : messageOf(first));
};

/** An error and what caused it, in one sentence each. */
export const inOneLine = (error: unknown): string => {
  const cause = error instanceof Error ? error.cause : undefined;
  const said = messageOf(error);
  return cause === undefined ? said : `${said} (${messageOf(cause)})`;
};
