import type { Failure } from './transports/request.ts';

/** What to do about a failure. */
export type Verdict =
  /** Trying again cannot mend it. */
  | 'stop'
  /** A fresh login may mend it, a few times. */
  | 'login'
  /** The session is gone: start a new one. */
  | 'anew'
  /** Another connection has it: do not fight. */
  | 'yield'
  | 'again';

const VERDICTS: { readonly [Code in Failure['code']]?: Verdict } = {
  signed_out: 'stop',
  account_blocked: 'stop',
  identity_mismatch: 'stop',
  invalid_frame: 'stop',
  invalid_request: 'stop',
  payload_too_large: 'stop',
  unsupported_media_type: 'stop',
  origin_refused: 'stop',
  forbidden: 'stop',
  unauthenticated: 'login',
  ticket_invalid: 'login',
  session_gone: 'anew',
  session_replaced: 'yield',
};

export const verdictOf = ({ code }: Failure): Verdict => VERDICTS[code] ?? 'again';
