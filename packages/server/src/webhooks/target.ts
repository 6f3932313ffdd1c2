import { isIP } from 'node:net';
import { PresenceError } from '@presence/core';
import { isPublicAddress } from './addresses.ts';
import type { Lookup, WebhookOptions } from './types.ts';

/** The target may not be asked at all: trying again changes nothing. */
export class TargetRefused extends Error {
  override readonly name = 'TargetRefused';
}

const invalid = (what: string): PresenceError =>
  new PresenceError('invalid_options', `[presence/webhooks] ${what}`);

/** @throws PresenceError `invalid_options` */
export const targetOf = ({ url, allowHttp = false }: WebhookOptions): URL => {
  if (!URL.canParse(url))
    throw invalid('url is no URL. Pass one such as "https://app.example/hook".');
  const target = new URL(url);
  if (target.protocol !== 'https:' && !(allowHttp && target.protocol === 'http:')) {
    throw invalid(`url must begin with https: saw "${target.protocol}". Or set allowHttp.`);
  }
  if (target.username !== '' || target.password !== '') {
    throw invalid(
      'url holds a user name or a password. Leave them out: the signature says who sends.',
    );
  }
  return target;
};

const check = (address: string, name: string): void => {
  if (isPublicAddress(address)) return;
  throw new TargetRefused(
    `target_refused: ${name} is at a private address. Set allowPrivate if it may be.`,
  );
};

/** `[::1]` as an address. */
const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

/**
 * The address to connect to. It is looked up and judged first and then used: a name that leads
 * elsewhere a moment later leads nowhere.
 *
 * @throws TargetRefused
 */
export const addressOf = async (
  { hostname }: URL,
  lookup: Lookup,
  allowPrivate: boolean,
): Promise<{ readonly address: string; readonly family: number }> => {
  const literal = bare(hostname);
  const family = isIP(literal);
  const found = family === 0 ? await lookup(hostname) : [{ address: literal, family }];
  const [first] = found;
  if (!first) throw new Error(`${hostname} has no address`);
  // All of them: of a name that has both kinds, somebody else decides which one answers.
  if (!allowPrivate) for (const { address } of found) check(address, hostname);
  return first;
};
