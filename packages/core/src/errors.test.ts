import { describe, expect, it } from 'vitest';
import {
  errorBody,
  ERRORS,
  isPresenceError,
  kindOf,
  PresenceError,
  type ErrorCode,
} from './errors.ts';

const CLOSE_CODES = [0, 4400, 4401, 4403, 4408, 4409, 4429, 4008];

describe('the catalogue', () => {
  it.each(Object.entries(ERRORS))('%s travels', (code, kind) => {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(kind.httpStatus).toBeGreaterThanOrEqual(400);
    expect(kind.httpStatus).toBeLessThan(600);
    expect(CLOSE_CODES).toContain(kind.closeCode);
    expect(Object.isFrozen(kind)).toBe(true);
  });

  it.each([
    ['invalid_request', 400, 0, false],
    ['invalid_frame', 400, 4400, false],
    ['unauthenticated', 401, 4401, false],
    ['ticket_invalid', 401, 4401, false],
    ['signed_out', 401, 4401, false],
    ['account_blocked', 403, 4403, false],
    ['not_found', 404, 0, false],
    ['hello_timeout', 408, 4408, true],
    ['session_gone', 409, 4409, false],
    ['session_replaced', 409, 4409, false],
    ['precondition_failed', 412, 0, false],
    ['payload_too_large', 413, 4400, false],
    ['unsupported_media_type', 415, 0, false],
    ['rate_limited', 429, 4429, true],
    ['too_slow', 503, 4008, true],
    ['store_unavailable', 503, 0, true],
  ] as const)('%s is %i, closes with %i, retryable %s', (code, status, close, retryable) => {
    const error = new PresenceError(code, 'What is wrong: what was seen. What to do.');
    expect(kindOf(error)).toEqual({ httpStatus: status, closeCode: close, retryable });
  });

  it('S18: what may help to try again is what 408, 429 and 5xx say', () => {
    for (const [code, { httpStatus, retryable }] of Object.entries(ERRORS)) {
      const configured = code.startsWith('invalid_');
      const mayHelp = httpStatus >= 500 || httpStatus === 429 || httpStatus === 408;
      expect([code, retryable]).toEqual([code, mayHelp && !configured]);
    }
  });
});

describe('PresenceError', () => {
  it('says its code and message on the wire, and nothing more', () => {
    const cause = new Error('secret');
    const error = new PresenceError('store_unavailable', 'Try later.', { cause, retryAfterMs: 50 });
    expect(errorBody(error)).toEqual({ code: 'store_unavailable', message: 'Try later.' });
    expect(error).toMatchObject({ name: 'PresenceError', cause, retryAfterMs: 50 });
    expect(isPresenceError(error)).toBe(true);
    expect(isPresenceError(cause)).toBe(false);
  });

  it('has no cause where none was given', () => {
    const error = new PresenceError('internal' satisfies ErrorCode, 'Oh.');
    expect('cause' in error).toBe(false);
    expect(error.retryAfterMs).toBeUndefined();
  });
});
