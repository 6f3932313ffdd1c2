import { PresenceError, type Cancel, type Clock, type Random } from '@presence/core';
import type { DemandCounts } from './demand.ts';
import { COMMAND_MS } from './pending.ts';
import type { Replica } from './replica.ts';
import type { Goodbye } from './session.ts';
import { openTab, type Tab } from './tabs/tab.ts';
import type { Command } from './transports/presence-link.ts';
import { createRequest, type Failure, type Request } from './transports/request.ts';
import { webSocketTransport } from './transports/websocket.ts';
import type { ActivitySource, BrowserLike, PresenceClientOptions } from './types.ts';

export interface RunnerContext {
  readonly options: PresenceClientOptions;
  readonly clock: Clock;
  readonly random: Random;
  readonly browser: BrowserLike;
  readonly source: ActivitySource;
  readonly alwaysActive: boolean;
  readonly demand: DemandCounts;
  readonly replica: Replica;
}

/** Starts and stops this page's part, and follows the page through hiding, sleep and the page cache. */
export interface Runner {
  start(): void;
  stop(): void;
  signOut(): Promise<void>;
  submit(command: Command): Promise<void>;
  demand(): void;
}

const notRunning = (): PresenceError =>
  new PresenceError(
    'invalid_options',
    '[presence/client] The client is stopped. Call start() first.',
  );

const baseOf = (url: string, baseUrl: string | undefined): string => {
  try {
    return new URL(url, baseUrl).href.replace(/\/$/, '');
  } catch {
    throw new PresenceError(
      'invalid_options',
      `[presence/client] url is relative and there is no page: saw ${url}. Pass an absolute one.`,
    );
  }
};

/** Sends a goodbye that outlives the page; it needs no login, its token says enough. */
const createLeave = (request: Request, base: string, browser: BrowserLike) => {
  let sent: Promise<unknown> = Promise.resolve();
  return {
    sent: () => sent,
    leave(goodbye: Goodbye): void {
      const body = JSON.stringify(goodbye);
      if (goodbye.reason === 'closed' && browser.sendBeacon?.(`${base}/leave`, body)) return;
      sent = request('POST', '/leave', goodbye, { keepalive: true });
    },
  };
};

/** The promises that callers hold. None is left open, whatever happens. */
const createPromises = (clock: Clock) => {
  const rejects = new Set<(error: PresenceError) => void>();
  return {
    submit: (command: Command, tab: Tab): Promise<void> =>
      new Promise((resolve, reject) => {
        const settle = (error?: PresenceError): void => {
          rejects.delete(settle);
          cancel();
          if (error) reject(error);
          else resolve();
        };
        const cancel = clock.after(COMMAND_MS, () =>
          settle(
            new PresenceError(
              'store_unavailable',
              `[presence/client] The server did not answer within ${COMMAND_MS} ms. Try again once connected.`,
            ),
          ),
        );
        rejects.add(settle);
        tab.submit(command, (error) =>
          settle(error && new PresenceError(error.code, error.message)),
        );
      }),
    rejectAll() {
      for (const reject of rejects) reject(notRunning());
    },
  };
};

const openPage = (
  { clock, random, replica, demand, browser, options, source, alwaysActive }: RunnerContext,
  stopped: (failure: Failure | null) => void,
): { readonly tab: Tab; readonly said: () => Promise<unknown> } => {
  const base = baseOf(options.url, browser.baseUrl);
  const request = createRequest(options.fetch ?? fetch.bind(globalThis), base, clock);
  const { leave, sent } = createLeave(request, base, browser);
  const shares = options.userId !== undefined && options.shareTabs !== false;
  const tab = openTab(
    {
      clock,
      random,
      browser,
      replica,
      base,
      request,
      leave,
      alwaysActive,
      transport: options.testing?.transport ?? webSocketTransport,
      mode: options.transport ?? 'auto',
      device: options.device,
      userId: options.userId,
      isHidden: source.isHidden,
      ownDemand: demand.current,
      shared: shares ? `presence ${base} ${options.userId}` : null,
    },
    { error: replica.events.error.fire, stopped },
  );
  return { tab, said: sent };
};

export const createRunner = (context: RunnerContext): Runner => {
  const { clock, replica, browser, source } = context;
  const promises = createPromises(clock);
  let page: ReturnType<typeof openPage> | null = null;
  let ends: Cancel[] = [];
  let running = false;

  const close = (reason?: Goodbye['reason']): void => {
    const closing = page?.tab;
    page = null;
    closing?.close(reason);
  };
  const end = (failure: Failure | null, reason?: Goodbye['reason']): void => {
    if (!running) return;
    running = false;
    for (const cancel of ends) cancel();
    close(reason);
    promises.rejectAll();
    replica.stop();
    const error = failure && { code: failure.code, message: failure.message };
    replica.apply({ connection: { status: 'stopped', transport: null, role: null, error } });
    replica.distrust();
    if (failure && failure.code !== 'network') {
      replica.events.error.fire(new PresenceError(failure.code, failure.message));
    }
  };
  /** Another tab signed out, or the server refuses for good. The one that leads says the goodbye. */
  const stopped = (failure: Failure | null): void =>
    end(
      failure,
      failure === null && replica.connection().role === 'leader' ? 'signed-out' : undefined,
    );
  const open = (): void => {
    page = openPage(context, stopped);
  };
  /** The page may enter the page cache only without sockets, locks and channels. */
  const hide = (): void => {
    if (!page) return;
    close('closed');
    replica.apply({
      lostAt: clock.now(),
      connection: { status: 'reconnecting', transport: null, role: null, error: null },
    });
  };
  const seen = (): void => {
    if (!source.isHidden()) page?.tab.input();
    page?.tab.nudge();
  };
  const listen = (): Cancel[] => [
    source.start(() => page?.tab.input()),
    source.onVisibility(seen),
    browser.onPage('pagehide', hide),
    browser.onPage('pageshow', () => page ?? open()),
    browser.onPage('resume', () => page?.tab.nudge()),
    browser.onPage('online', () => page?.tab.online()),
    browser.onPage('offline', () => page?.tab.offline()),
  ];

  return {
    start() {
      if (running) return;
      open();
      running = true;
      ends = listen();
    },
    stop: () => end(null, 'closed'),
    async signOut() {
      const said = page?.said;
      page?.tab.stopAll(null);
      end(null, 'signed-out');
      await said?.();
    },
    submit: (command) => (page ? promises.submit(command, page.tab) : Promise.reject(notRunning())),
    demand: () => page?.tab.demand(),
  };
};
