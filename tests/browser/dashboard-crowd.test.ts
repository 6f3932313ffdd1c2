import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, missingChromium } from '../services/launch-chromium.ts';
import { startCrowdApp, type CrowdApp } from './crowd/app.ts';
import { openDashboard, type DashboardWindow } from './dashboard.ts';

const PEOPLE = Array.from({ length: 50 }, (_, person) => `p${String(person).padStart(2, '0')}`);

/** What an admin is promised after a click. */
const SECOND_MS = 1000;

/** Somebody without a browser: heartbeats over HTTP. */
const createBeater = (url: string, userId: string) => {
  let session = {};
  const post = async (path: string, body: object): Promise<object> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${userId}` };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    const response = await fetch(`${url}/presence/${path}`, init);
    expect(response.ok).toBe(true);
    return response.status === 200 ? ((await response.json()) as object) : {};
  };
  return {
    come: async (): Promise<void> => {
      const { sessionId } = (await post('heartbeat', {})) as { sessionId: string };
      session = { sessionId };
    },
    go: () => post('leave', { ...session, reason: 'signed-out' }),
  };
};

/** Every person that the table has by what it shows of them. */
const shown = (page: Page): Promise<Record<string, string>> =>
  page.locator('.row').evaluateAll((rows) =>
    Object.fromEntries(
      rows.map((row) => {
        const { user = '', status = '' } = (row as HTMLElement).dataset;
        return [user, status];
      }),
    ),
  );

describe.skipIf(missingChromium())('a crowd before the dashboard', () => {
  let app: CrowdApp;
  let browser: Browser;

  beforeAll(async () => {
    [app, browser] = await Promise.all([startCrowdApp(), launchChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  /** The dashboard on a screen that is high enough for everybody. */
  const openHigh = async (): Promise<DashboardWindow> => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 3600 } });
    return openDashboard(context, app.url, 'root');
  };
  const openAs = async (userId: string): Promise<Page> => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${app.url}/as/${userId}`);
    await page.getByText('connected', { exact: true }).waitFor();
    return page;
  };

  it('S11: fifty come and go; whoever is suspended is grey and told so within a second', async () => {
    const admin = await openHigh();
    const beaters = PEOPLE.slice(1).map((userId) => createBeater(app.url, userId));
    const [victim = ''] = PEOPLE;
    const victims = await openAs(victim);
    await Promise.all(beaters.map((beater) => beater.come()));
    const all = (status: (person: number) => string) =>
      Object.fromEntries(PEOPLE.map((userId, person) => [userId, status(person)]));
    const sees = (expected: Record<string, string>): Promise<void> =>
      expect.poll(() => shown(admin.page), { timeout: 20_000 }).toMatchObject(expected);
    await sees(all(() => 'online'));
    await Promise.all(beaters.filter((_, index) => index % 2 === 0).map((beater) => beater.go()));
    await sees(all((person) => (person % 2 === 1 ? 'offline' : 'online')));
    await Promise.all(beaters.filter((_, index) => index % 2 === 0).map((beater) => beater.come()));
    await sees(all(() => 'online'));

    await admin.open(victim);
    await admin.suspend();
    await Promise.all([
      admin.sees(victim, 'offline', SECOND_MS),
      victims.getByText('stopped: account_blocked').waitFor({ timeout: SECOND_MS }),
    ]);
    await sees(all((person) => (person === 0 ? 'offline' : 'online')));
    expect(admin.problems).toEqual([]);
  });
});
