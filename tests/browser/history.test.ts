import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Step } from '@presence/core';
import { createPresence, memoryHistory, type Presence } from '@presence/server';
import { expressPresence } from '@presence/server/express';
import express, { type Request } from 'express';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, missingChromium } from '../services/launch-chromium.ts';
import { openDashboard } from './dashboard.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Somebody who works from nine to five, with a break. */
const workdays = (today: number): readonly Step[] =>
  Array.from({ length: 30 }, (_, day) => today - (day + 1) * DAY_MS)
    .toReversed()
    .flatMap((midnight) =>
      (
        [
          [9, 'online', 'opened'],
          [12, 'away', 'activity'],
          [13, 'busy', 'claimed'],
          [17, 'offline', 'page-closed'],
        ] as const
      ).map(([hour, status, cause]) => {
        const at = midnight + hour * HOUR_MS;
        return { revision: at, version: at, status, at, cause };
      }),
    );

/** The token is the user's id. */
const startApp = async () => {
  const keep = memoryHistory();
  const presence: Presence<Request> = createPresence<Request>({
    authenticate: (request) => {
      const userId = request.get('authorization')?.slice(7);
      return userId ? { userId, roles: userId === 'ada' ? ['admin'] : [] } : null;
    },
    admin: true,
    history: { keep },
    security: {
      authorize: ({ roles }, action) =>
        !action.startsWith('admin:') || roles?.includes('admin') === true,
    },
  });
  const app = express();
  app.use('/presence', expressPresence(presence));
  app.post('/api/sign-in', express.json(), (request, response) => {
    response.json({ token: (request.body as { userId: string }).userId });
  });
  const server: Server = createServer(app);
  const detach = presence.attach(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await presence.signIn('grace');
  const { asOf } = await presence.count();
  const key = { tenant: 'default', userId: 'grace' };
  await keep.append([{ key, steps: workdays(asOf - (asOf % DAY_MS)) }]);
  return {
    presence,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      detach();
      await presence.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

describe.skipIf(missingChromium())('the past of a user on the dashboard', () => {
  let app: Awaited<ReturnType<typeof startApp>>;
  let browser: Browser;
  beforeAll(async () => {
    [app, browser] = await Promise.all([startApp(), launchChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });

  it('is read by nobody who does not ask, is audited, exported and erased', async () => {
    const audited: string[] = [];
    app.presence.on('audit', ({ action }) => audited.push(action));
    const context = await browser.newContext({ timezoneId: 'UTC' });
    const { page, open, problems } = await openDashboard(context, app.url, 'ada');
    await page.locator('.row[data-user="grace"]').waitFor();
    await open('grace');
    const past = page.getByTestId('past');
    await past.getByText('30 days of their past are kept.').waitFor();
    expect(audited).toEqual([]);

    await past.getByRole('button', { name: 'Show their past' }).click();
    await past.getByText('usually online 9 to 17').waitFor();
    expect(audited).toEqual(['admin:history:read', 'admin:history:read']);
    expect(await past.locator('.entry').count()).toBe(50);
    await past.getByRole('button', { name: 'Older changes' }).click();
    await expect.poll(() => past.locator('.entry').count()).toBe(100);

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      past.getByRole('button', { name: 'Export' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('history-grace.ndjson');

    await past.getByRole('button', { name: 'Erase' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Erase' }).click();
    await past.getByText('Nothing yet.').waitFor();
    expect(audited).toContain('admin:history:erase');
    expect(problems).toEqual([]);
    await context.close();
  });
});
