import { PresenceError, type Cancel, type Clock, type Random } from '@presence/core';
import type { DemandCounts } from './demand.ts';
import { COMMAND_MS } from './pending.ts';
import type { Replica } from './replica.ts';
import type { Goodbye } from './session-context.ts';
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
  /** Tells of errors that no call's promise carries. */
  fail(error: PresenceError): void;
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
  { clock, random, replica, demand, browser, options, source, alwaysActive, fail }: RunnerContext,
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
    { error: fail, stopped },
  );
  return { tab, said: sent };
};

const nowhere = { transport: null, role: null } as const;

/** Opens and closes this page's place among the tabs. */
const createPlace = (context: RunnerContext, stopped: (failure: Failure | null) => void) => {
  let page: ReturnType<typeof openPage> | null = null;
  let said: () => Promise<unknown> = () => Promise.resolve();
  return {
    tab: () => page?.tab,
    /** Resolves when the last goodbye of this page was heard, or could not be said. */
    said: () => said(),
    open() {
      page ??= openPage(context, stopped);
      ({ said } = page);
    },
    close(reason?: Goodbye['reason']) {
      const closing = page?.tab;
      page = null;
      closing?.close(reason);
    },
  };
};

const listen = (
  { browser, source, clock, replica }: RunnerContext,
  { tab, open, close }: ReturnType<typeof createPlace>,
): readonly Cancel[] => [
  source.start(() => tab()?.input()),
  source.onVisibility(() => {
    if (!source.isHidden()) tab()?.input();
    tab()?.nudge();
  }),
  // The page may enter the page cache only without sockets, locks and channels.
  browser.onPage('pagehide', () => {
    close('closed');
    replica.apply({
      lostAt: clock.now(),
      connection: { status: 'reconnecting', ...nowhere, error: null },
    });
  }),
  browser.onPage('pageshow', open),
  browser.onPage('resume', () => tab()?.nudge()),
  browser.onPage('online', () => tab()?.online()),
  browser.onPage('offline', () => tab()?.offline()),
];

export const createRunner = (context: RunnerContext): Runner => {
  const { clock, replica } = context;
  const promises = createPromises(clock);
  let ends: readonly Cancel[] | null = null;

  const end = (failure: Failure | null, reason?: Goodbye['reason']): void => {
    if (!ends) return;
    for (const cancel of ends) cancel();
    ends = null;
    place.close(reason);
    promises.rejectAll();
    const error = failure && { code: failure.code, message: failure.message };
    replica.apply({ connection: { status: 'stopped', ...nowhere, error } });
    replica.distrust();
    if (failure && failure.code !== 'network') {
      context.fail(new PresenceError(failure.code, failure.message));
    }
  };
  const place = createPlace(context, (failure) => {
    // Signed out by another tab: the one that leads says the goodbye.
    const leads = replica.connection().role === 'leader';
    end(failure, failure === null && leads ? 'signed-out' : undefined);
  });

  return {
    start() {
      if (ends) return;
      place.open();
      ends = listen(context, place);
    },
    stop: () => end(null, 'closed'),
    async signOut() {
      place.tab()?.stopAll(null);
      end(null, 'signed-out');
      await place.said();
    },
    submit(command) {
      const tab = place.tab();
      return tab ? promises.submit(command, tab) : Promise.reject(notRunning());
    },
    demand: () => place.tab()?.demand(),
  };
};
