import { PresenceError, type ErrorCode } from '@presence/core';

const SENTENCES: Partial<Record<ErrorCode, string>> = {
  session_gone: 'This session is not known or has ended. Start a new one without a session id.',
  account_blocked: 'This account may not be present.',
  signed_out: 'This login was signed out. Sign in again.',
  ticket_invalid: 'This ticket was used before. Fetch a fresh one.',
  precondition_failed: 'The user has changed since you looked. Read them again, and decide anew.',
  forbidden: 'Hiding is not allowed here.',
  invalid_request:
    'A claim must end in the future and after it is stored, may not be offline, and at most 20 may be held.',
};

/** What a command's refusal says to whoever sent it. */
export const refusal = (code: ErrorCode): PresenceError =>
  new PresenceError(code, SENTENCES[code] ?? 'This cannot be done.');
