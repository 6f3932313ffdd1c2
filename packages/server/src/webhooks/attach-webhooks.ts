import { PresenceError, type Clock, type Random } from '@presence/core';
import { insideOf } from '../inside.ts';
import { DIAGNOSTICS } from '../metrics/channels.ts';
import type { Tally } from '../metrics/tally.ts';
import type { Logger, Presence, PresenceChange } from '../types.ts';
import { createLanes } from './lanes.ts';
import { createPost } from './post.ts';
import { signatureOf, SIGNATURE_HEADER } from './signature.ts';
import { liveSource } from './source.ts';
import { TargetRefused, targetOf } from './target.ts';
import type { Post, WebhookEvent, WebhookFailure, WebhookOptions, Webhooks } from './types.ts';
import type { Waiting } from './waiting-room.ts';

const SHORTEST_SECRET = 32;

/** Tries are apart by a random part of this, twice as much after each, up to the longest. */
const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 5 * 60_000;

const KEPT_FAILURES = 100;

interface Hook extends Waiting {
  readonly event: WebhookEvent;
  readonly over: (isDelivered: boolean) => void;
  tries: number;
}

interface Settings {
  readonly url: URL;
  readonly secret: string;
  readonly mostTries: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly tally: Pick<Tally, 'webhookDeliveries' | 'webhooks'>;
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

const eventOf = ({ tenant, presence, steps }: PresenceChange, at: number): WebhookEvent => ({
  type: 'presence.changed',
  tenant,
  presence,
  cause: steps.at(-1)?.cause ?? null,
  at: steps.at(-1)?.at ?? at,
});

const nameOf = ({ tenant, presence }: WebhookEvent): string =>
  `${tenant}/${presence.userId}/${presence.version}`;

/** The failures that are told of, the latest first. */
const createFailures = ({ clock, logger, tally }: Settings) => {
  const failures: WebhookFailure[] = [];
  return {
    list: (): readonly WebhookFailure[] => [...failures],
    add: ({ event, tries, over }: Hook, reason: string, outcome: 'failed' | 'dropped'): void => {
      const { tenant, presence } = event;
      const { userId, version } = presence;
      const failure = { tenant, userId, version, tries, at: clock.now(), reason };
      failures.unshift(failure);
      failures.length = Math.min(failures.length, KEPT_FAILURES);
      tally.webhookDeliveries.add(outcome);
      logger.warn({ tenant, version, tries, reason }, '[presence/webhooks] One was given up.');
      over(false);
    },
  };
};

type Failures = ReturnType<typeof createFailures>;

/** Sends once. `null`: taken. */
const createTry = ({ url, secret, clock, post }: Settings) => {
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

/** One try after the other, further and further apart. */
const createAttempt = (settings: Settings, failures: Failures) => {
  const { random, tally, mostTries } = settings;
  const tryOnce = createTry(settings);
  const tell = (hook: Hook, outcome: 'delivered' | 'retry' | 'failed', error?: string): void => {
    if (!DIAGNOSTICS.webhook.hasSubscribers) return;
    const { tries, event } = hook;
    DIAGNOSTICS.webhook.publish({
      id: nameOf(event),
      tries,
      outcome,
      ...(error !== undefined && { error }),
    });
  };
  return async (hook: Hook): Promise<'over' | { readonly againMs: number }> => {
    hook.tries += 1;
    const failed = await tryOnce(hook.event);
    if (failed === null) {
      tally.webhookDeliveries.add('delivered');
      tell(hook, 'delivered');
      hook.over(true);
      return 'over';
    }
    if (failed.isFinal || hook.tries >= mostTries) {
      tell(hook, 'failed', failed.reason);
      failures.add(hook, failed.reason, 'failed');
      return 'over';
    }
    tally.webhookDeliveries.add('retry');
    tell(hook, 'retry', failed.reason);
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (hook.tries - 1));
    return { againMs: Math.ceil(random.next() * longest) };
  };
};

const settingsOf = (presence: object, options: WebhookOptions): Settings => {
  const { options: node, tally } = insideOf(presence);
  const { secret, timeoutMs = 5000, mostTries = 8, allowPrivate = false, testing = {} } = options;
  checkNumbers({ timeoutMs, mostTries });
  if (typeof secret !== 'string' || secret.length < SHORTEST_SECRET) {
    throw invalid(
      `secret must have at least ${SHORTEST_SECRET} characters. Make one with: openssl rand -base64 32`,
    );
  }
  const { clock = node.clock, random = node.random, lookup } = testing;
  const post = testing.post ?? createPost({ clock, timeoutMs, allowPrivate, lookup });
  const { logger } = node;
  return { url: targetOf(options), secret, mostTries, clock, random, logger, tally, post };
};

/**
 * Tells an endpoint of the application of each change of a user's public presence that this node
 * commits, so of each change once in the whole cluster. Changes of one user come in order, each once
 * the one before was taken or given up. Best effort: what waits is lost with the process. Close it
 * before its presence.
 *
 * @throws PresenceError `invalid_options`
 */
export const attachWebhooks = <Request>(
  presence: Presence<Request>,
  options: WebhookOptions,
): Webhooks => {
  const settings = settingsOf(presence, options);
  const { clock, tally } = settings;
  const { filter, mostWaiting = 10_000, atOnce = 4 } = options;
  checkNumbers({ mostWaiting, atOnce });
  const failures = createFailures(settings);
  const attempt = createAttempt(settings, failures);
  const lanes = createLanes<Hook>({
    most: mostWaiting,
    atOnce,
    attempt,
    after: (ms, task) => void clock.after(ms, task),
    onDropped: (hook) => failures.add(hook, 'queue_full', 'dropped'),
  });
  const stop = liveSource(presence).start((change, over) => {
    const event = eventOf(change, clock.now());
    if (filter && !filter(event)) return over(true);
    const lane = `${event.tenant}\n${event.presence.userId}`;
    lanes.push({ lane, event, over, tries: 0 });
  });
  const webhooks: Webhooks = {
    get waiting() {
      return lanes.size;
    },
    failures: failures.list,
    close: () => {
      stop();
      tally.webhooks.delete(webhooks);
      return lanes.close();
    },
  };
  tally.webhooks.add(webhooks);
  return webhooks;
};
