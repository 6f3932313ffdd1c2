import type { ErrorCode } from '@presence/core';

/** Why something did not work, as the connection judges it. */
export interface Failure {
  readonly code: ErrorCode | 'network';
  readonly message: string;
  readonly retryAfterMs?: number;
}

/** @param cause what was seen, or caught */
export const network = (cause: unknown): Failure => ({ code: 'network', message: String(cause) });

/**
 * Whether no later attempt can mend it, by how its code begins. The catalogue of core would weigh more than this; a test
 * holds the two together. What is not known is tried again, as is a route that is missing: it may be there after a deploy.
 */
export const isFinal = (code: Failure['code']): boolean =>
  /^(acc|for|ide|inv|lea|ori|pay|pre|sig|uns)/.test(code);

/** Another login may be accepted. */
export const isLogin = (code: Failure['code']): boolean => /^(tic|una)/.test(code);

/** Whoever comes back at once is in somebody's way. */
export const yields = (code: Failure['code']): boolean => /^(rate|session_r)/.test(code);

/** The session is gone, or another connection has it: a new one is needed. */
export const forgetsSession = (code: Failure['code']): boolean => /^(session)/.test(code);

const CODES: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid_request',
  401: 'unauthenticated',
  403: 'account_blocked',
  404: 'not_found',
  409: 'session_gone',
  429: 'rate_limited',
};

/** The code of an answer that names none, by its HTTP status. Close codes of the protocol are statuses above 4000. */
export const codeOf = (status: number): ErrorCode => CODES[status] ?? 'internal';
