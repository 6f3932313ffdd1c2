import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '@presence/core';
import { systemClock } from '../system-clock.ts';

/** The header of a signature: `t=1767225600000,v1=5257a869…`. */
export const SIGNATURE_HEADER = 'presence-signature';

/** A request that is older was recorded, or its receiver's clock is wrong. */
const TOLERANCE_MS = 5 * 60_000;

const hmac = (secret: string, content: string): Buffer =>
  createHmac('sha256', secret).update(content).digest();

/** The instant, and HMAC-SHA256 in hex of the instant, a dot and the body. */
export const signatureOf = (secret: string, at: Instant, body: string): string =>
  `t=${at},v1=${hmac(secret, `${at}.${body}`).toString('hex')}`;

const PARTS = /^t=(\d{1,15}),v1=([0-9a-f]{64})$/;

/**
 * Whether a webhook's request was signed with this secret, lately. For receivers.
 *
 * @param body the very bytes that came, as text; parsed and written again they would differ
 * @param signature the header `presence-signature`
 * @param options `toleranceMs`: how old it may be, default 5 min; `now`: default the machine's clock
 */
export const verifyWebhook = (
  secret: string,
  body: string,
  signature: string | undefined,
  options: { readonly toleranceMs?: number; readonly now?: Instant } = {},
): boolean => {
  const { toleranceMs = TOLERANCE_MS, now = systemClock.now() } = options;
  const [, at = '', given = ''] = PARTS.exec(signature ?? '') ?? [];
  if (given === '' || Math.abs(now - Number(at)) > toleranceMs) return false;
  return timingSafeEqual(Buffer.from(given, 'hex'), hmac(secret, `${at}.${body}`));
};
