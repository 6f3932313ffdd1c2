import type { Cancel, Clock, Random } from '@presence/core';
import { createSeededRandom } from '@presence/core/testing';
import { createFollower, createRelay } from '../tabs/sharing.ts';
import { addCall, submitCommand } from '../commands.ts';
import { createOnline } from '../online.ts';
import { createRooms } from '../rooms.ts';
import { openFallback } from '../transports/fallback.ts';
import type { ActivitySource, BrowserLike, PageEvent, PresenceClientOptions } from '../types.ts';
import { createMainThread, type MainThread } from './main-thread.ts';
import { createVirtualChannels } from './virtual-channels.ts';
import { createVirtualLocks } from './virtual-locks.ts';
import {
  createPageNetwork,
  type Network,
  type NetworkState,
  type PageNetwork,
} from './virtual-network.ts';

export type BrowserPart = 'locks' | 'channels' | 'storage';

export interface VirtualBrowserOptions {
  /** The world's clock, usually a virtual one. */
  readonly clock: Clock;
  readonly network: Network;
  readonly random?: Random;
  /** Default `https://app.test/`. */
  readonly baseUrl?: string;
  /** What this browser lacks. */
  readonly without?: readonly BrowserPart[];
  /** What is there and throws when it is used, as in sandboxed frames and private windows. */
  readonly refusing?: readonly BrowserPart[];
}

/** One page of a virtual browser. Its life is driven by the test. */
export interface VirtualTab {
  /** What a client in this page is made with, beside `url` and `userId`. */
  readonly options: Required<Pick<PresenceClientOptions, 'fetch' | 'activity' | 'testing'>>;
  /** The person moves the mouse or types. */
  input(): void;
  hide(): void;
  show(): void;
  /** The browser stops the page: no timer, no message. */
  freeze(): void;
  resume(): void;
  /** The page is left for another one and kept in the page cache. */
  enterPageCache(): void;
  leavePageCache(): void;
  /** The page is closed in order. */
  close(): void;
  /** The page dies without a word. */
  crash(): void;
  /** Timers, listeners and sockets of the page: a leak check. */
  leftovers(): { readonly timers: number; readonly listeners: number; readonly sockets: number };
}

/** One browser profile: its tabs share locks, channels, storage and the network. */
export interface VirtualBrowser {
  openTab(): VirtualTab;
  /** `silently`: the browser does not notice, packets just vanish. */
  goOffline(how?: 'silently'): void;
  goOnline(): void;
  /** The machine sleeps: every tab stops and the network is gone, without any event. */
  sleep(): void;
  wake(): void;
  readonly storage: ReadonlyMap<string, string>;
  /** Locks and channels that somebody holds: a leak check. */
  leftovers(): { readonly locks: number; readonly channels: number };
}

interface Profile {
  readonly options: VirtualBrowserOptions;
  readonly random: Random;
  readonly locks: ReturnType<typeof createVirtualLocks>;
  readonly channels: ReturnType<typeof createVirtualChannels>;
  readonly stored: Map<string, string>;
  readonly pages: Set<Page>;
  network: NetworkState;
}

interface Page {
  readonly thread: MainThread;
  readonly network: PageNetwork;
  readonly listeners: Map<string, Set<() => void>>;
  hidden: boolean;
}

const fire = (page: Page, event: PageEvent | 'visibility' | 'input'): void => {
  for (const listener of Array.from(page.listeners.get(event) ?? [])) listener();
};

const listen = (page: Page, event: string, listener: () => void): Cancel => {
  const listeners = page.listeners.get(event) ?? new Set();
  const own = (): void => listener();
  page.listeners.set(event, listeners.add(own));
  return () => listeners.delete(own);
};

const storageOf = (stored: Map<string, string>): NonNullable<BrowserLike['storage']> => ({
  getItem: (key) => stored.get(key) ?? null,
  setItem: (key, value) => void stored.set(key, value),
  removeItem: (key) => void stored.delete(key),
});

const refuse = (): never => {
  throw new DOMException('The operation is insecure.', 'SecurityError');
};

const browserOf = (profile: Profile, page: Page): BrowserLike => {
  const { baseUrl = 'https://app.test/', without = [], refusing = [] } = profile.options;
  const part = <Part>(name: BrowserPart, given: Part, refused: Part): Part | undefined =>
    without.includes(name) ? undefined : refusing.includes(name) ? refused : given;
  return {
    baseUrl,
    locks: part('locks', profile.locks.of(page.thread), {
      request: () => Promise.reject(new DOMException('insecure', 'SecurityError')),
    }),
    createChannel: part(
      'channels',
      (name: string) => profile.channels.open(page.thread, name),
      refuse,
    ),
    storage: part('storage', storageOf(profile.stored), {
      getItem: refuse,
      setItem: refuse,
      removeItem: refuse,
    }),
    onPage: (event, listener) => listen(page, event, listener),
    sendBeacon(url, body) {
      // A beacon outlives its page: it does not go through the page's thread.
      if (profile.network !== 'up') return true;
      void profile.options.network.fetch(url, { method: 'POST', body }).catch(() => {});
      return true;
    },
  };
};

const activityOf = (page: Page): ActivitySource => ({
  start: (onInput) => listen(page, 'input', onInput),
  isHidden: () => page.hidden,
  onVisibility: (listener) => listen(page, 'visibility', listener),
});

const release = (profile: Profile, page: Page): void => {
  page.thread.end();
  page.network.release();
  profile.locks.release(page.thread);
  profile.channels.release(page.thread);
  profile.pages.delete(page);
};

const setHidden = (page: Page, hidden: boolean): void => {
  if (page.hidden === hidden) return;
  page.hidden = hidden;
  page.thread.setHidden(hidden);
  page.thread.run(() => fire(page, 'visibility'));
};

const openTab = (profile: Profile): VirtualTab => {
  const thread = createMainThread(profile.options.clock);
  const page: Page = {
    thread,
    network: createPageNetwork(profile.options.network, thread, () => profile.network),
    listeners: new Map(),
    hidden: false,
  };
  profile.pages.add(page);
  const listeners = (): number =>
    [...page.listeners.values()].reduce((sum, { size }) => sum + size, 0);
  return {
    options: {
      fetch: page.network.fetch,
      activity: activityOf(page),
      testing: {
        clock: thread.clock,
        random: profile.random,
        transport: page.network.transport,
        browser: browserOf(profile, page),
        load: {
          commands: () => Promise.resolve({ addCall, submitCommand }),
          http: () => Promise.resolve({ openFallback }),
          online: () => Promise.resolve({ createOnline }),
          rooms: () => Promise.resolve({ createRooms }),
          sharing: () => Promise.resolve({ createFollower, createRelay }),
        },
      },
    },
    input: () => thread.run(() => fire(page, 'input')),
    hide: () => setHidden(page, true),
    show: () => setHidden(page, false),
    freeze() {
      thread.run(() => fire(page, 'freeze'));
      thread.setFrozen(true);
    },
    resume() {
      thread.setFrozen(false);
      fire(page, 'resume');
    },
    enterPageCache() {
      fire(page, 'pagehide');
      setHidden(page, true);
      thread.setFrozen(true);
    },
    leavePageCache() {
      thread.setFrozen(false);
      setHidden(page, false);
      fire(page, 'pageshow');
    },
    close() {
      thread.run(() => fire(page, 'pagehide'));
      release(profile, page);
    },
    crash: () => release(profile, page),
    leftovers: () => ({
      timers: thread.timers(),
      listeners: listeners(),
      sockets: page.network.sockets(),
    }),
  };
};

/** A browser profile on virtual time, for tests of presence in several tabs. */
export const createVirtualBrowser = (options: VirtualBrowserOptions): VirtualBrowser => {
  const profile: Profile = {
    options,
    random: options.random ?? createSeededRandom(1),
    locks: createVirtualLocks(),
    channels: createVirtualChannels(),
    stored: new Map(),
    pages: new Set(),
    network: 'up',
  };
  const { pages } = profile;
  return {
    openTab: () => openTab(profile),
    goOffline(how) {
      profile.network = how ? 'lost' : 'down';
      if (how) return;
      for (const page of pages) {
        page.network.breakSockets();
        page.thread.run(() => fire(page, 'offline'));
      }
    },
    goOnline() {
      const told = profile.network === 'down';
      profile.network = 'up';
      if (told) for (const page of pages) page.thread.run(() => fire(page, 'online'));
    },
    sleep() {
      profile.network = 'lost';
      for (const { thread } of pages) thread.setFrozen(true);
    },
    wake() {
      profile.network = 'up';
      for (const { thread } of pages) thread.setFrozen(false);
    },
    storage: profile.stored,
    leftovers: () => ({ locks: profile.locks.size(), channels: profile.channels.size() }),
  };
};
