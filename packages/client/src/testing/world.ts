import { createSeededRandom, createVirtualClock, type VirtualClock } from '@presence/core/testing';
import type { ClientPolicy } from '@presence/core/protocol';
import { createPresenceClient } from '../client.ts';
import type { PresenceClient, PresenceClientOptions } from '../types.ts';
import { createScriptedServer, type ScriptedServer } from './scripted-server.ts';
import {
  createVirtualBrowser,
  type VirtualBrowser,
  type VirtualBrowserOptions,
  type VirtualTab,
} from './virtual-browser.ts';

/** Enough turns of the microtask queue for a ticket, a socket and its first frames. */
const flush = async (): Promise<void> => {
  for (let turn = 0; turn < 150; turn += 1) await Promise.resolve();
};

/** A page with a client in it. */
export interface OpenedPage {
  readonly tab: VirtualTab;
  readonly client: PresenceClient;
}

/** A server, a browser of one user and virtual time: what a test of tabs, sleep and lost networks starts from. */
export interface World {
  readonly clock: VirtualClock;
  readonly server: ScriptedServer;
  readonly browser: VirtualBrowser;
  /** Opens a tab with a client that is started. */
  open(options?: Partial<PresenceClientOptions>): OpenedPage;
  /** Runs what is ready, without moving time. */
  settle(): Promise<void>;
}

export const createWorld = (
  options: {
    readonly userId?: string;
    readonly seed?: number;
    readonly policy?: Partial<ClientPolicy>;
    readonly without?: VirtualBrowserOptions['without'];
    readonly refusing?: VirtualBrowserOptions['refusing'];
  } = {},
): World => {
  const { userId = 'me', seed = 1, policy = {}, without = [], refusing = [] } = options;
  const clock = createVirtualClock({ flush });
  const server = createScriptedServer({ clock, policy });
  const random = createSeededRandom(seed);
  const browser = createVirtualBrowser({
    clock,
    network: server.network(userId),
    random,
    without,
    refusing,
  });
  return {
    clock,
    server,
    browser,
    open(more = {}) {
      const tab = browser.openTab();
      const client = createPresenceClient({ url: '/presence', userId, ...tab.options, ...more });
      client.start();
      return { tab, client };
    },
    settle: () => clock.advance(0),
  };
};
