import type { Clock, Random } from '@presence/core';
import { DIAGNOSTICS } from '../metrics/channels.ts';
import type { Tally } from '../metrics/tally.ts';
import type { Logger } from '../types.ts';
import { nameOf } from './event.ts';
import type { GivenUp, Hook } from './hook.ts';
import { signatureOf, SIGNATURE_HEADER } from './signature.ts';
import { TargetRefused } from './target.ts';
import type { Post, WebhookEvent } from './types.ts';

/** Tries are apart by a random part of this, twice as much after each, up to the longest. */
const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 5 * 60_000;
/** Until a source is told again what became of a webhook. */
const TELL_SOURCE_MS = 1000;

/** What every try of one target stands on. */
export interface Target {
  readonly url: URL;
  readonly secret: string;
  readonly mostTries: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly tally: Pick<Tally, 'webhookDeliveries'>;
  readonly post: Post;
  onGivenUp(hook: Hook, givenUp: GivenUp): void;
}

type Next = 'over' | { readonly againMs: number };

/** Sends once. `null`: taken. */
const createTry = ({ url, secret, clock, post }: Target) => {
  const headersOf = (event: WebhookEvent, body: string): Record<string, string> => ({
    'content-type': 'application/json',
    'user-agent': 'presence-webhooks/1',
    'presence-event': nameOf(event).replaceAll(/[^\x21-\x7e]/gu, encodeURIComponent),
    [SIGNATURE_HEADER]: signatureOf(secret, clock.now(), body),
  });
  return async (event: WebhookEvent): Promise<{ reason: string; isFinal: boolean } | null> => {
    const body = JSON.stringify(event);
    try {
      const { status } = await post({ url, headers: headersOf(event, body), body });
      return status >= 200 && status < 300 ? null : { reason: `status ${status}`, isFinal: false };
    } catch (error) {
      const reason = (error instanceof Error ? error.message : String(error)).slice(0, 200);
      return { reason, isFinal: error instanceof TargetRefused };
    }
  };
};

const tell = (hook: Hook, outcome: 'delivered' | 'retry' | 'failed', error?: string): void => {
  if (!DIAGNOSTICS.webhook.hasSubscribers) return;
  const { tries, event } = hook;
  const id = nameOf(event);
  DIAGNOSTICS.webhook.publish({ id, tries, outcome, ...(error !== undefined && { error }) });
};

/** One try after the other, further and further apart. */
export const createAttempt = (target: Target): ((hook: Hook) => Promise<Next>) => {
  const { random, tally, mostTries, logger, onGivenUp } = target;
  const tryOnce = createTry(target);

  const end = async (hook: Hook, givenUp: GivenUp | null): Promise<Next> => {
    try {
      await hook.over(givenUp);
      return 'over';
    } catch (error) {
      logger.warn(
        { err: error },
        '[presence/webhooks] The outbox was not told what became of one.',
      );
      return { againMs: TELL_SOURCE_MS };
    }
  };

  const delivered = (hook: Hook): Promise<Next> => {
    hook.isTold = true;
    tally.webhookDeliveries.add('delivered');
    tell(hook, 'delivered');
    return end(hook, null);
  };

  const failed = (hook: Hook, reason: string): Promise<Next> => {
    const givenUp = { outcome: 'failed', reason } as const;
    tell(hook, 'failed', reason);
    onGivenUp(hook, givenUp);
    return end(hook, givenUp);
  };

  return async (hook) => {
    if (hook.isTold) return end(hook, null);
    if (!hook.isOurs()) return 'over';
    hook.tries += 1;
    const refusal = await tryOnce(hook.event);
    if (refusal === null) return delivered(hook);
    if (refusal.isFinal || hook.tries >= mostTries) return failed(hook, refusal.reason);
    tally.webhookDeliveries.add('retry');
    tell(hook, 'retry', refusal.reason);
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (hook.tries - 1));
    return { againMs: Math.ceil(random.next() * longest) };
  };
};
