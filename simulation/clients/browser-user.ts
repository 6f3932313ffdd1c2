import type { Cancel, Random } from '@presence/core';
import { createPresenceClient, type PresenceClient } from '@presence/client';
import {
  createVirtualBrowser,
  type VirtualBrowser,
  type VirtualTab,
} from '@presence/client/testing';
import type { WireRequest } from '../world/border.ts';
import type { Line } from '../world/network.ts';
import type { World } from '../world/world.ts';
import { loginOf, type Person } from './person.ts';

/** One page with the real client in it. */
export interface Page {
  readonly id: number;
  readonly tab: VirtualTab;
  readonly client: PresenceClient;
  readonly openedAt: number;
  state: 'shown' | 'hidden' | 'frozen' | 'cached';
  watched: readonly string[];
  isWatchingOnline: boolean;
  /** The rooms that it is in, with what takes it out. */
  readonly rooms: Map<string, Cancel>;
}

/** A person with a browser: the real client in pages of a virtual browser. */
export interface BrowserUser {
  readonly kind: 'browser';
  readonly name: string;
  readonly person: Person;
  readonly line: Line;
  readonly pages: readonly Page[];
  /** What the machine is doing. */
  state: 'awake' | 'asleep' | 'offline';
  openPage(): Page;
  closePage(page: Page, how: 'closed' | 'crashed'): void;
  sleep(): void;
  wake(): void;
  goOffline(): void;
  goOnline(): void;
}

/** Whether the page was not in it. */
export const joinRoom = ({ rooms, client }: Page, room: string): boolean => {
  if (rooms.has(room)) return false;
  rooms.set(room, client.room(room).join());
  return true;
};

const BASE = 'https://app.test/presence';

const wireRequest = (url: string, init: RequestInit | undefined, person: Person): WireRequest => {
  const [path = '', query = ''] = url.slice(BASE.length).split('?');
  const text = init?.body;
  const isBeacon = text !== undefined && new Headers(init?.headers).get('content-type') === null;
  return {
    method: (init?.method ?? 'GET') as WireRequest['method'],
    path,
    query,
    ...(typeof text === 'string' && { body: JSON.parse(text) as object }),
    login: loginOf(person),
    isBeacon,
  };
};

const networkOf = (world: World, line: Line, person: Person) => ({
  fetch: (async (input: unknown, init?: RequestInit) => {
    const answer = await world.request(line, wireRequest(String(input), init, person));
    return new Response(answer.body, { status: answer.status, headers: answer.headers });
  }) as typeof fetch,
  transport: {
    connect: (_: string, events: Parameters<World['socket']>[2]) =>
      world.socket(line, (task) => task(), events),
  },
});

/** What happens to the machine as a whole. */
const machineOf = (
  world: World,
  line: Line,
  browser: VirtualBrowser,
  user: () => BrowserUser,
): Pick<BrowserUser, 'sleep' | 'wake' | 'goOffline' | 'goOnline'> => {
  const change = (from: BrowserUser['state'], to: BrowserUser['state'], act: () => void): void => {
    if (user().state !== from) return;
    user().state = to;
    act();
  };
  return {
    sleep: () =>
      change('awake', 'asleep', () => {
        world.cut(line);
        browser.sleep();
      }),
    wake: () =>
      change('asleep', 'awake', () => {
        browser.wake();
        for (const page of user().pages) if (page.state === 'frozen') page.tab.freeze();
        world.heal(line);
      }),
    goOffline: () =>
      change('awake', 'offline', () => {
        world.cut(line);
        browser.goOffline();
      }),
    goOnline: () =>
      change('offline', 'awake', () => {
        world.heal(line);
        browser.goOnline();
      }),
  };
};

export const createBrowserUser = (
  world: World,
  person: Person,
  line: Line,
  device: string,
  random: Random,
  changeClient: (client: PresenceClient) => PresenceClient,
): BrowserUser => {
  const browser = createVirtualBrowser({
    clock: world.clock,
    network: networkOf(world, line, person),
    random,
  });
  const pages: Page[] = [];
  let ids = 0;

  const user: BrowserUser = {
    kind: 'browser',
    name: `browser:${device}`,
    person,
    line,
    pages,
    state: 'awake',
    openPage: () => {
      const tab = browser.openTab();
      const { userId } = person;
      const client = changeClient(
        createPresenceClient({ url: '/presence', userId, device, ...tab.options }),
      );
      ids += 1;
      const page: Page = {
        id: ids,
        tab,
        client,
        openedAt: world.clock.now(),
        state: 'shown',
        watched: [],
        isWatchingOnline: false,
        rooms: new Map(),
      };
      pages.push(page);
      client.start();
      return page;
    },
    closePage: (page, how) => {
      pages.splice(pages.indexOf(page), 1);
      if (how === 'closed') page.tab.close();
      else page.tab.crash();
    },
    ...machineOf(world, line, browser, () => user),
  };
  return user;
};
