import { insideOf } from '../inside.ts';
import type { Presence } from '../types.ts';
import { createAttempt } from './attempt.ts';
import type { Attached } from './attached.ts';
import type { GivenUp, Hook } from './hook.ts';
import { createLanes } from './lanes.ts';
import { liveSource } from './live-source.ts';
import { outboxSource } from './outbox-source.ts';
import { settingsOf, type Settings } from './settings.ts';
import type { Source } from './source.ts';
import type { WebhookFailure, WebhookOptions, Webhooks } from './types.ts';

const TOLD_FAILURES = 100;

/** What this process gave up, the latest first. */
const createFailures = (presence: object, { clock, logger }: Settings) => {
  const { tally } = insideOf(presence);
  const failures: WebhookFailure[] = [];
  return {
    list: (): readonly WebhookFailure[] => [...failures],
    add: ({ event, tries }: Hook, { outcome, reason }: GivenUp): void => {
      const { tenant, presence: shown } = event;
      const { userId, version } = shown;
      failures.unshift({ tenant, userId, version, tries, at: clock.now(), reason });
      failures.length = Math.min(failures.length, TOLD_FAILURES);
      tally.webhookDeliveries.add(outcome);
      logger.warn({ tenant, version, tries, reason }, '[presence/webhooks] One was given up.');
    },
  };
};

const sourceOf = (presence: Presence<never>, settings: Settings): Source => {
  const outbox = insideOf(presence).options.store.keepOutbox?.();
  if (!outbox) return liveSource({ presence, ...settings });
  return outboxSource({ presence, outbox, most: settings.mostWaiting, ...settings });
};

/** What the filter leaves out is over at once. */
const filtered =
  (filter: WebhookOptions['filter'], push: (hook: Hook) => void, { logger }: Settings) =>
  (hook: Hook): void => {
    if (!filter || filter(hook.event)) return push(hook);
    hook.over(null).catch((error: unknown) => {
      logger.warn({ err: error }, '[presence/webhooks] One that the filter leaves out was kept.');
    });
  };

/**
 * Tells an endpoint of the application of each change of a user's public presence, whichever node commits
 * it. Changes of one user come in order, each once the one before was taken or given up.
 *
 * On stores that keep an outbox (`sqlStore`) each is written down with its commit and told at least once,
 * by one node at a time: a process that dies loses none, and the target may hear of one twice. On others
 * each node tells what it commits, best effort: what waits is lost with the process.
 *
 * @throws PresenceError `invalid_options`
 */
export const attachWebhooks = <Request>(
  presence: Presence<Request>,
  options: WebhookOptions,
): Webhooks => {
  const settings = settingsOf(presence, options);
  const { name, url, clock, mostWaiting, atOnce } = settings;
  const { tally, webhooks: attached } = insideOf(presence);
  const failures = createFailures(presence, settings);
  const source = sourceOf(presence, settings);
  const lanes = createLanes<Hook>({
    // What an outbox gives is never dropped: it reads no more than there is room for.
    most: source.delivery === 'best-effort' ? mostWaiting : Infinity,
    atOnce,
    attempt: createAttempt({ ...settings, tally, onGivenUp: failures.add }),
    after: (ms, task) => void clock.after(ms, task),
    onDropped: (hook) => {
      const givenUp = { outcome: 'dropped', reason: 'queue_full' } as const;
      failures.add(hook, givenUp);
      void hook.over(givenUp);
    },
  });
  const webhooks: Attached = {
    name,
    delivery: source.delivery,
    ready: source.start(filtered(options.filter, lanes.push, settings)),
    host: url.host,
    desk: source.desk,
    get waiting() {
      return lanes.size;
    },
    failures: failures.list,
    close: async () => {
      attached.delete(name);
      await source.stop();
      await lanes.close();
      await source.release();
    },
  };
  attached.set(name, webhooks);
  return webhooks;
};
