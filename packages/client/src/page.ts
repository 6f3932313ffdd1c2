import { PresenceError, type Cancel } from '@presence/core';
import type { Said } from './commands.ts';
import type { ClientContext, Goodbye, PageContext } from './context.ts';
import { createRoomsDoor } from './rooms-door.ts';
import { openTab, type Tab } from './tabs/tab.ts';
import type { Failure } from './transports/failures.ts';
import { createRequest } from './transports/request.ts';
import type { ConnectionStatus, PresenceClient } from './types.ts';

/** Starts and stops this page's part, and follows the page through hiding, sleep and the page cache. */
export interface Page {
  start(): void;
  stop(): void;
  signOut(): Promise<void>;
  submit(...said: Said): Promise<void>;
  demand(): void;
  readonly room: PresenceClient['room'];
}

const baseOf = (url: string, baseUrl: string | undefined): string => {
  try {
    return new URL(url, baseUrl).href.replace(/\/$/, '');
  } catch {
    throw new PresenceError(
      'invalid_options',
      `[presence/client] A relative url needs a page: ${url}`,
    );
  }
};

/** @param sent is told of each goodbye that is on its way */
const createPageContext = (
  context: ClientContext,
  sent: (said: Promise<unknown>) => void,
): PageContext => {
  const { options, browser, clock } = context;
  const base = baseOf(options.url, browser.baseUrl);
  const request = createRequest(options.fetch ?? fetch.bind(globalThis), base, clock);
  return {
    ...context,
    base,
    request,
    leave(goodbye) {
      const body = JSON.stringify(goodbye);
      if (goodbye.reason === 'closed' && browser.sendBeacon?.(`${base}/leave`, body)) return;
      // It needs no login: its token says enough.
      sent(request('POST', '/leave', goodbye, undefined, true));
    },
  };
};

// oxlint-disable-next-line max-lines-per-function -- one state machine, as in session.ts
export const createPage = (given: Omit<ClientContext, 'rooms' | 'calls'>): Page => {
  const rooms = createRoomsDoor(given, (...said) => page.submit(...said));
  const context: ClientContext = { ...given, rooms, calls: new Map() };
  const { clock, replica, listeners, browser, activitySource, calls, load } = context;
  let hearing: readonly Cancel[] | null = null;
  let tab: Tab | null = null;
  let goodbye: Promise<unknown> | undefined;

  const role = () => tab?.role();
  const nudge = (): void => role()?.nudge();
  const input = (): void => tab?.noteInput();
  const open = (): void => {
    tab ??= openTab(
      createPageContext(context, (said) => {
        goodbye = said;
      }),
      (failure) => {
        // Signed out by another tab: the one that leads says the goodbye.
        const leads = replica.views.connection().role === 'leader';
        end(failure, failure === null && leads ? 'signed-out' : undefined);
      },
    );
  };
  const close = (
    status: ConnectionStatus,
    lostAt: number,
    error: Failure | null,
    reason?: Goodbye['reason'],
  ): void => {
    const closing = tab;
    tab = null;
    closing?.close(reason);
    if (status === 'stopped') calls.forEach(({ drop }) => drop());
    replica.learn({ lostAt, connection: { status, transport: null, role: null, error } });
  };
  const end = (failure: Failure | null, reason?: Goodbye['reason']): void => {
    if (!hearing) return;
    hearing.forEach((cancel) => cancel());
    hearing = null;
    close('stopped', -Infinity, failure, reason);
    if (failure) listeners.fail(failure as never);
  };
  const page: Page = {
    room: rooms.room,
    start() {
      if (hearing) return;
      open();
      hearing = [
        activitySource.start(input, clock),
        activitySource.onVisibility(() => {
          if (!activitySource.isHidden()) input();
          nudge();
        }),
        // The page may enter the page cache only without sockets, locks and channels.
        browser.onPage('pagehide', () => close('reconnecting', clock.now(), null, 'closed')),
        browser.onPage('pageshow', open),
        browser.onPage('resume', nudge),
        browser.onPage('online', () => role()?.setOnline(true)),
        browser.onPage('offline', () => role()?.setOnline(false)),
      ];
    },
    stop: () => end(null, 'closed'),
    async signOut() {
      tab?.stopAll(null);
      end(null, 'signed-out');
      // Heard, or it could not be said.
      await goodbye;
    },
    submit: (...said) =>
      load.commands().then(
        ({ submitCommand }) => submitCommand(context, role(), said),
        (cause) => {
          throw new PresenceError('store_unavailable', `[presence/client] ${cause}`);
        },
      ),
    demand: () => role()?.demand(),
  };
  return page;
};
