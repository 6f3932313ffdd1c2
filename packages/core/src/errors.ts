/** How each error travels: HTTP status, socket close code (0: the socket stays), and whether trying again may help. */
export interface ErrorKind {
  readonly httpStatus: number;
  readonly closeCode: number;
  readonly retryable: boolean;
}

const kind = (httpStatus: number, closeCode = 0, retryable = false): ErrorKind =>
  Object.freeze({ httpStatus, closeCode, retryable });

/**
 * The catalogue. Codes are part of the public API; messages are not. It is marked as pure, and
 * `PresenceError` does not name it, so that browsers, which need no more than codes, do not load it.
 */
export const ERRORS = /* @__PURE__ */ Object.freeze({
  /** Wrong type, unknown key, out of range, too deep, not JSON. */
  invalid_request: /* @__PURE__ */ kind(400),
  /** A frame that is not of the protocol, or of a version that is not spoken. */
  invalid_frame: /* @__PURE__ */ kind(400, 4400),
  /** The application's `authenticate` names nobody. */
  unauthenticated: /* @__PURE__ */ kind(401, 4401),
  /** The ticket is altered, expired, spent or of somebody else. */
  ticket_invalid: /* @__PURE__ */ kind(401, 4401),
  /** The login was issued before the user signed out everywhere. */
  signed_out: /* @__PURE__ */ kind(401, 4401),
  account_blocked: /* @__PURE__ */ kind(403, 4403),
  forbidden: /* @__PURE__ */ kind(403),
  /** A write with cookies from a page of another origin. */
  origin_refused: /* @__PURE__ */ kind(403),
  /** The leave token is altered or of another session. */
  leave_token_invalid: /* @__PURE__ */ kind(403),
  /** The session belongs to another user than the one signed in. */
  identity_mismatch: /* @__PURE__ */ kind(403, 4401),
  not_found: /* @__PURE__ */ kind(404),
  method_not_allowed: /* @__PURE__ */ kind(405),
  /** The session is unknown or has ended; start a new one. */
  session_gone: /* @__PURE__ */ kind(409, 4409),
  /** The session was opened elsewhere or evicted by a newer one. */
  session_replaced: /* @__PURE__ */ kind(409, 4409),
  /** The application's own data says what the account is, and says something else. */
  account_from_source: /* @__PURE__ */ kind(409),
  precondition_failed: /* @__PURE__ */ kind(412),
  payload_too_large: /* @__PURE__ */ kind(413, 4400),
  unsupported_media_type: /* @__PURE__ */ kind(415),
  rate_limited: /* @__PURE__ */ kind(429, 4429, true),
  /** No `hello` in time. */
  hello_timeout: /* @__PURE__ */ kind(408, 4408, true),
  /** The reader does not keep up. */
  too_slow: /* @__PURE__ */ kind(503, 4008, true),
  store_unavailable: /* @__PURE__ */ kind(503, 0, true),
  draining: /* @__PURE__ */ kind(503, 0, true),
  internal: /* @__PURE__ */ kind(500, 0, true),
  invalid_policy: /* @__PURE__ */ kind(500),
  invalid_options: /* @__PURE__ */ kind(500),
});

/** A key of {@link ERRORS}. */
export type ErrorCode = keyof typeof ERRORS;

/** What an error looks like on the wire. */
export interface ErrorBody {
  readonly code: ErrorCode;
  readonly message: string;
}

/**
 * The only error that this project throws on purpose.
 *
 * `message` says what was seen and what to do, and nothing that the caller may not know.
 */
export class PresenceError extends Error {
  override readonly name = 'PresenceError';
  declare readonly code: ErrorCode;
  /** For 429 and 503: when to try again, in milliseconds. */
  declare readonly retryAfterMs: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly retryAfterMs?: number } = {},
  ) {
    super(message, options);
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** What of an error travels. Apart from its class, which every page loads. */
export const errorBody = ({ code, message }: PresenceError): ErrorBody => ({ code, message });

/** Whether something caught is one of this project’s own errors. */
export const isPresenceError = (error: unknown): error is PresenceError =>
  error instanceof PresenceError;

/** How an error travels, by its code. */
export const kindOf = ({ code }: PresenceError): ErrorKind => ERRORS[code];
