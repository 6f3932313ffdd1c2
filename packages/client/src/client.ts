import { createDomActivity, noActivity } from './activity-dom.ts';
import { platformBrowser } from './browser.ts';
import { createDemand } from './demand.ts';
import { createListeners } from './listeners.ts';
import { loaders } from './load.ts';
import { EVERYBODY } from './numbers.ts';
import { createPage } from './page.ts';
import { createReplica } from './replica.ts';
import { systemClock } from './system-clock.ts';
import { systemRandom } from './system-random.ts';
import { webSocketTransport } from './transports/websocket.ts';
import type { PresenceClient, PresenceClientOptions } from './types.ts';

/**
 * Makes a client. Nothing happens before `start()`, so it may be made on a server too.
 *
 * @throws PresenceError `invalid_options` on start, if `url` is relative and there is no page
 */
export const createPresenceClient = (options: PresenceClientOptions): PresenceClient => {
  const { activity, userId = '', sockets: transport = webSocketTransport } = options;
  const given = {
    clock: systemClock,
    random: systemRandom,
    browser: platformBrowser(),
    transport,
    load: loaders,
    ...options.testing,
  };
  const dom = globalThis.document as Document | undefined;
  const demand = createDemand(() => page.demand());
  const listeners = createListeners();
  const replica = createReplica({ ...given, listeners, userId, watches: demand.has });
  const page = createPage({
    ...given,
    options,
    activitySource: activity ?? (activity === null || !dom ? noActivity : createDomActivity(dom)),
    listeners,
    replica,
    watch: demand.watch,
    ownDemand: demand.current,
  });
  const { views } = replica;
  return {
    start: page.start,
    stop: page.stop,
    signOut: page.signOut,
    getConnection: views.connection,
    getPresence: replica.get,
    getMe: views.me,
    getOnline: views.online,
    getIdle: views.idle,
    watch: demand.watch,
    room: page.room,
    watchOnline: () => demand.watch([EVERYBODY]),
    setStatus: (status, options = {}) => page.submit('status', status, options),
    clearStatus: () => page.submit('status', null),
    setVisibility: (visibility) => page.submit('visibility', visibility),
    subscribe: (listener) => listeners.add('any', listener),
    subscribeUser: (userId, listener) => listeners.add(`user ${userId}`, listener),
    on: listeners.add,
  };
};
