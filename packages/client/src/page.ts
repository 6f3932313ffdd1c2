import { PresenceError, type Cancel } from '@presence/core';
import { addCall, type Calls, type Command } from './calls.ts';
import type { ClientContext, Goodbye, PageContext } from './context.ts';
import type { Role } from './tabs/role.ts';
import { openTab, type Tab } from './tabs/tab.ts';
import type { Failure } from './transports/failures.ts';
import { createRequest } from './transports/request.ts';

/** Starts and stops this page's part, and follows the page through hiding, sleep and the page cache. */
export interface Page {
  start(): void;
  stop(): void;
  signOut(): Promise<void>;
  submit(command: Command): Promise<void>;
  demand(): void;
}

const NOT_RUNNING = {
  code: 'invalid_options',
  message: '[presence/client] The client is stopped. Call start() first.',
} as const;

const nowhere = { transport: null, role: null } as const;

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

/** @param sent is told of each goodbye that is on its way */
const createPageContext = (
  context: ClientContext,
  calls: Calls,
  sent: (said: Promise<unknown>) => void,
): PageContext => {
  const { options, browser, clock } = context;
  const base = baseOf(options.url, browser.baseUrl);
  const request = createRequest(options.fetch ?? fetch.bind(globalThis), base, clock);
  return {
    ...context,
    base,
    request,
    calls,
    leave(goodbye) {
      const body = JSON.stringify(goodbye);
      if (goodbye.reason === 'closed' && browser.sendBeacon?.(`${base}/leave`, body)) return;
      // It needs no login: its token says enough.
      sent(request('POST', '/leave', goodbye, undefined, true));
    },
  };
};

interface Hearing {
  open(): void;
  close(reason: 'closed'): void;
  input(): void;
  role(): Role | null | undefined;
}

const listen = (
  { source, browser, replica, clock }: ClientContext,
  { open, close, input, role }: Hearing,
): readonly Cancel[] => {
  const nudge = (): void => role()?.nudge();
  return [
    source.start(input),
    source.onVisibility(() => {
      if (!source.isHidden()) input();
      nudge();
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
    browser.onPage('resume', nudge),
    browser.onPage('online', () => role()?.network(true)),
    browser.onPage('offline', () => role()?.network(false)),
  ];
};

export const createPage = (context: ClientContext): Page => {
  const { clock, replica, options, listeners } = context;
  const { userId, shareTabs } = options;
  const calls: Calls = new Map();
  let nextRef = 1;
  let listening: readonly Cancel[] | null = null;
  let tab: Tab | null = null;
  let goodbye: Promise<unknown> | undefined;

  const open = (): void => {
    if (tab) return;
    const page = createPageContext(context, calls, (said) => {
      goodbye = said;
    });
    const shared =
      userId === undefined || shareTabs === false ? null : `presence ${page.base} ${userId}`;
    tab = openTab(page, shared, (failure) => {
      // Signed out by another tab: the one that leads says the goodbye.
      const leads = replica.show.connection().role === 'leader';
      end(failure, failure === null && leads ? 'signed-out' : undefined);
    });
  };
  const close = (reason?: Goodbye['reason']): void => {
    const closing = tab;
    tab = null;
    closing?.close(reason);
  };
  const end = (failure: Failure | null, reason?: Goodbye['reason']): void => {
    if (!listening) return;
    for (const cancel of listening) cancel();
    listening = null;
    close(reason);
    for (const call of calls.values()) call.done(NOT_RUNNING);
    const error = failure && { code: failure.code, message: failure.message };
    replica.apply({ connection: { status: 'stopped', ...nowhere, error }, lostAt: -Infinity });
    if (failure && failure.code !== 'network') listeners.fail(failure as never);
  };
  const role = () => tab?.role();
  const input = (): void => tab?.input();

  return {
    start() {
      if (listening) return;
      open();
      listening = listen(context, { open, close, input, role });
    },
    stop: () => end(null, 'closed'),
    async signOut() {
      tab?.stopAll(null);
      end(null, 'signed-out');
      // Heard, or it could not be said.
      await goodbye;
    },
    submit: (command) =>
      new Promise((resolve, reject) => {
        const done = (error?: Parameters<typeof listeners.fail>[0]): void =>
          error ? reject(new PresenceError(error.code, error.message)) : resolve();
        if (!tab) return done(NOT_RUNNING);
        const call = addCall(calls, clock, `${nextRef++}`, command, done);
        role()?.submit(call);
      }),
    demand: () => role()?.demand(),
  };
};
