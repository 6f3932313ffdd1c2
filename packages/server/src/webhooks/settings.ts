import { PresenceError, type Clock, type Random } from '@presence/core';
import { insideOf, type Inside } from '../inside.ts';
import type { Logger } from '../types.ts';
import { createPost } from './post.ts';
import { targetOf } from './target.ts';
import type { Post, WebhookOptions } from './types.ts';

const SHORTEST_SECRET = 32;
const NAME = /^[\w-]{1,64}$/;

/** With an outbox a target may be away for about an hour, else for about five minutes. */
const MOST_TRIES = Object.freeze({ durable: 30, live: 8 });

/** {@link WebhookOptions} with every default filled in, and what the node gives. */
export interface Settings {
  readonly name: string;
  readonly url: URL;
  readonly secret: string;
  readonly mostTries: number;
  readonly mostWaiting: number;
  readonly atOnce: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly post: Post;
}

const invalid = (what: string): PresenceError =>
  new PresenceError('invalid_options', `[presence/webhooks] ${what}`);

const isCount = (value: number): boolean => Number.isInteger(value) && value > 0;

const checkNumbers = (numbers: Readonly<Record<string, number>>): void => {
  for (const [name, value] of Object.entries(numbers)) {
    if (!isCount(value)) throw invalid(`${name} must be a whole number above 0: saw ${value}.`);
  }
};

const checkSecret = (secret: unknown): void => {
  if (typeof secret === 'string' && secret.length >= SHORTEST_SECRET) return;
  throw invalid(
    `secret must have at least ${SHORTEST_SECRET} characters. Make one with: openssl rand -base64 32`,
  );
};

const checkName = (name: unknown, { webhooks }: Inside): void => {
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw invalid(`name must be 1 to 64 letters, digits, "-" or "_": saw ${JSON.stringify(name)}.`);
  }
  if (webhooks.has(name)) {
    throw invalid(`A webhook is called "${name}" already. Give each a name of its own.`);
  }
};

/** @throws PresenceError `invalid_options` */
export const settingsOf = (presence: object, options: WebhookOptions): Settings => {
  const inside = insideOf(presence);
  const { options: node } = inside;
  const { name = 'default', secret, allowPrivate = false, testing = {} } = options;
  const { timeoutMs = 5000, mostWaiting = 10_000, atOnce = 4 } = options;
  const { mostTries = node.store.keepOutbox ? MOST_TRIES.durable : MOST_TRIES.live } = options;
  checkNumbers({ timeoutMs, mostTries, mostWaiting, atOnce });
  checkSecret(secret);
  checkName(name, inside);
  const { clock = node.clock, random = node.random, lookup } = testing;
  const post = testing.post ?? createPost({ clock, timeoutMs, allowPrivate, lookup });
  const { logger } = node;
  const url = targetOf(options);
  return { name, url, secret, mostTries, mostWaiting, atOnce, clock, random, logger, post };
};
