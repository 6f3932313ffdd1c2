import { PresenceError } from '@presence/core';
import { createDomActivity, noActivity } from './activity-dom.ts';
import { platformBrowser } from './browser.ts';
import { createDemand } from './demand.ts';
import { createEvents } from './events.ts';
import { createReplica } from './replica.ts';
import { createRunner } from './runner.ts';
import { systemClock } from './system-clock.ts';
import { systemRandom } from './system-random.ts';
import type { PresenceClient, PresenceClientOptions } from './types.ts';

const listenerThrew = (cause: unknown): PresenceError =>
  new PresenceError(
    'internal',
    `[presence/client] A listener threw: ${String(cause)}. The client goes on; see the cause.`,
    { cause },
  );

/**
 * Makes a client. Nothing happens before `start()`, so it may be made on a server too.
 *
 * @throws PresenceError `invalid_options` on start, if `url` is relative and there is no page
 */
export const createPresenceClient = (options: PresenceClientOptions): PresenceClient => {
  const { testing = {}, activity } = options;
  const clock = testing.clock ?? systemClock;
  const page = globalThis.document as Document | undefined;
  const source =
    activity ?? (activity === null || !page ? noActivity : createDomActivity(clock, page));
  const demand = createDemand(() => runner.demand());
  const events = createEvents(listenerThrew);
  const replica = createReplica({
    clock,
    events,
    userId: options.userId ?? '',
    watches: demand.has,
  });
  const runner = createRunner({
    options,
    clock,
    random: testing.random ?? systemRandom,
    browser: testing.browser ?? platformBrowser(),
    source,
    alwaysActive: source === noActivity,
    demand,
    replica,
    fail: events.on.error.fire,
  });
  return {
    start: runner.start,
    stop: runner.stop,
    signOut: runner.signOut,
    getConnection: replica.connection,
    getPresence: replica.rows.get,
    getMe: replica.own.get,
    getOnline: replica.online.get,
    getIdle: replica.idle,
    watch: demand.watch,
    watchOnline: demand.watchOnline,
    setStatus: (status, { message, emoji, forMs } = {}) =>
      runner.submit({
        type: 'status',
        status,
        ...(message !== undefined && { message }),
        ...(emoji !== undefined && { emoji }),
        ...(forMs !== undefined && { forMs }),
      }),
    clearStatus: () => runner.submit({ type: 'status', status: null }),
    setVisibility: (visibility) => runner.submit({ type: 'visibility', visibility }),
    subscribe: events.any.add,
    subscribeUser: events.subscribeUser,
    on: (event, listener) => events.on[event].add(listener as never),
  };
};
