import type { PolicyOptions } from '@presence/server';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchChromium } from '../services/launch-chromium.ts';
import { openDashboard, type DashboardWindow } from './dashboard.ts';
import type { Example } from './example.ts';
import { QUICK, signIn, startQuickstart } from './quickstart.ts';
import { openWindow, type Window } from './window.ts';

/** How many people the demo shows as online, asked as somebody who is not. */
const online = async (url: string): Promise<number> => {
  const response = await fetch(`${url}/presence/online/count`, {
    headers: { authorization: `Bearer ${await signIn(url, 'omar')}` },
  });
  return ((await response.json()) as { count: number }).count;
};

/** The running demo and a browser in front of it, for the tests of one file. */
export interface Demo {
  readonly server: Example;
  /** Somebody in a browser of their own. */
  someone(userId: string): Promise<Window>;
  /** The dashboard in a browser of its own, as whoever has this id; who is no admin is told so. */
  admin(userId: string): Promise<DashboardWindow>;
  /** Another tab of the same browser. */
  anotherTab(of: Window, userId: string): Promise<Window>;
}

/** Registers start and stop with the test file; every test begins with nobody there. */
export const useDemo = (policy: PolicyOptions = {}, backForwardCache = false): Demo => {
  let server: Example;
  let browser: Browser;
  const contexts = new Set<BrowserContext>();

  beforeAll(async () => {
    [server, browser] = await Promise.all([
      startQuickstart({ ...QUICK, ...policy }),
      launchChromium({ backForwardCache }),
    ]);
  });

  afterEach(async () => {
    await Promise.all([...contexts].map((context) => context.close()));
    contexts.clear();
    await expect.poll(() => online(server.url), { timeout: 20_000 }).toBe(0);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  return {
    get server() {
      return server;
    },
    someone: async (userId) => {
      const context = await browser.newContext();
      contexts.add(context);
      return openWindow(context, server.url, userId);
    },
    admin: async (userId) => {
      const context = await browser.newContext();
      contexts.add(context);
      return openDashboard(context, server.url, userId);
    },
    anotherTab: (window, userId) => openWindow(window.page.context(), server.url, userId),
  };
};
