import type { Account } from '@presence/core';
import type { Directory } from '@presence/server';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { launchChromium, missingChromium } from '../services/launch-chromium.ts';
import { startCrowdApp, type CrowdApp } from './crowd/app.ts';
import { openDashboard, type DashboardWindow } from './dashboard.ts';

/* An application that has a table of its users, and lets it decide of their accounts. */

const PEOPLE = ['ada', 'bob', 'grace', 'linus'];

const directory: Directory = {
  filters: [],
  sorts: ['id'],
  list: async () => ({ users: PEOPLE.map((userId) => ({ userId })), next: null }),
  get: async (_tenant, ids) =>
    PEOPLE.filter((userId) => ids.includes(userId)).map((userId) => ({ userId })),
};

describe.skipIf(missingChromium())('the dashboard over a table of users', () => {
  const accounts = new Map<string, Account>([
    ['ada', 'active'],
    ['grace', 'active'],
  ]);
  let app: CrowdApp;
  let browser: Browser;

  beforeAll(async () => {
    const account = async ({ userId }: { readonly userId: string }) => accounts.get(userId);
    [app, browser] = await Promise.all([
      startCrowdApp({ sources: { directory, account } }),
      launchChromium(),
    ]);
    for (const userId of ['ada', 'bob', 'grace']) await app.presence.signIn(userId);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  const open = async (userId: string): Promise<DashboardWindow> => {
    const admin = await openDashboard(await browser.newContext(), app.url, 'root');
    await admin.open(userId);
    return admin;
  };

  it('S9: says that the table decides of an account, and offers nothing that would be refused', async () => {
    const { page } = await open('ada');
    await page.getByText('The application’s own data decides this.').waitFor();
    expect(await page.getByTestId('account-said').textContent()).toBe('Active');
    for (const name of ['Suspend', 'Unblock', 'Let it count now']) {
      expect(await page.getByRole('button', { name }).count(), name).toBe(0);
    }
    expect(await page.getByLabel('Account', { exact: true }).count()).toBe(0);
  });

  it('offers to suspend whom the table does not know', async () => {
    const admin = await open('bob');
    await admin.suspend();
    await admin.sees('bob', 'offline');
    expect(await admin.page.getByTestId('notice').getAttribute('data-kind')).toBe('done');
  });

  it('S9: lets what the table says count at once', async () => {
    accounts.set('grace', 'suspended');
    const admin = await open('grace');
    await admin.sees('grace', 'online');
    await admin.page.getByRole('button', { name: 'Let it count now' }).click();
    await admin.page.getByRole('dialog').getByRole('button', { name: 'Suspended' }).click();
    await admin.sees('grace', 'offline');
    await admin.page.getByText('Offline, because the account is suspended.').waitFor();
    expect(await admin.page.getByRole('button', { name: 'Let it count now' }).count()).toBe(0);
  });

  it('counts as offline who was seen before, as the list of them does, and says so', async () => {
    const admin = await openDashboard(await browser.newContext(), app.url, 'root');
    // Everybody of the table is there, linus too, who was never seen.
    await admin.sees('linus', 'offline');
    const offline = admin.page.locator('[data-count="offline"]');
    await offline.getByText('seen before').waitFor();
    await admin.page.locator('[data-filter="offline"]').click();
    await admin.page.locator('.row[data-user="linus"]').waitFor({ state: 'detached' });
    // Until the filter's own list has come there is no row at all.
    await vi.waitFor(
      async () => {
        const listed = await admin.page.locator('.row').count();
        expect(await offline.locator('.count-value').textContent()).toBe(String(listed));
      },
      { timeout: 10_000 },
    );
  });
});
