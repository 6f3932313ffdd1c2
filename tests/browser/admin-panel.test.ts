import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { joined, lastSeen, startOnSqlite, type Panel } from '../admin-panel/panel.ts';
import { launchChromium, missingChromium } from '../services/launch-chromium.ts';

const ADA = 'ada@juniper.example';
const GRACE = 'grace@juniper.example';
const MEI = 'mei@juniper.example';

type Mode = 'live' | 'polling';

describe.skipIf(missingChromium())('the admin panel in the browser', () => {
  let panel: Panel;
  let browser: Browser;
  const contexts = new Set<BrowserContext>();
  const problems: string[] = [];

  beforeAll(async () => {
    // Tokens so short-lived that pages renew theirs under way.
    [panel, browser] = await Promise.all([startOnSqlite(0, { accessMs: 5000 }), launchChromium()]);
  });
  afterEach(async () => {
    await Promise.all([...contexts].map((context) => context.close()));
    contexts.clear();
    expect(problems).toEqual([]);
    await panel.sqlShows(
      `select count(*) as here from presence_current where status <> 'offline'`,
      {
        here: 0,
      },
    );
  });
  afterAll(async () => {
    await browser?.close();
    await panel?.stop();
  });

  const shows = (email: string, row: object) => panel.sqlShows(joined(email), row as never);

  const fillIn = async (page: Page, email: string, password = 'juniper'): Promise<void> => {
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  /** Somebody in a browser of their own, at the sign-in page. */
  const arrive = async (mode: Mode): Promise<Page> => {
    const context = await browser.newContext();
    contexts.add(context);
    const page = await context.newPage();
    page.on('pageerror', (error) => void problems.push(error.message));
    await page.addInitScript((kept) => localStorage.setItem('juniper-mode', kept), mode);
    await page.goto(panel.url);
    return page;
  };
  const isOnline = (page: Page): Promise<void> =>
    page.locator('[data-testid="profile"][data-status="online"]').waitFor();
  const enter = async (email: string, mode: Mode = 'live'): Promise<Page> => {
    const page = await arrive(mode);
    await fillIn(page, email);
    await isOnline(page);
    return page;
  };
  const row = (page: Page, email: string) => page.locator('.person').filter({ hasText: email });
  const seen = (page: Page, email: string, attributes: Readonly<Record<string, string>>) => {
    const wanted = Object.entries(attributes).map(([name, value]) => `[data-${name}="${value}"]`);
    return page
      .locator(`.person${wanted.join('')}`)
      .filter({ hasText: email })
      .waitFor();
  };
  const asAdmin = async (mode: Mode = 'live'): Promise<Page> => {
    const page = await enter(ADA, mode);
    await page.getByRole('link', { name: 'People' }).click();
    await row(page, GRACE).waitFor();
    return page;
  };
  const open = async (admin: Page, email: string): Promise<void> => {
    await row(admin, email).click();
    await admin.getByTestId('why').waitFor();
  };
  const confirm = async (admin: Page, name: string, button = name): Promise<void> => {
    await admin.getByTestId('pane').getByRole('button', { name, exact: true }).click();
    await admin.getByRole('dialog').getByRole('button', { name: button, exact: true }).click();
  };

  it('signs in and shows who one is; a reload stays signed in; signing out is offline at once', async () => {
    const grace = await enter(GRACE);
    await shows(GRACE, { online_status: 'online' });
    await grace.getByTestId('sign-ins').getByText('Signed in').first().waitFor();
    await grace.getByTestId('steps').getByText('opened the page').first().waitFor();
    await grace.reload();
    await isOnline(grace);
    expect(await grace.getByRole('link', { name: 'People' }).count(), 'for admins only').toBe(0);
    await grace.goto(`${panel.url}/people`);
    await isOnline(grace);
    await grace.getByRole('button', { name: /^Sign out/ }).click();
    await grace.getByRole('heading', { name: 'Sign in to Juniper' }).waitFor();
    await shows(GRACE, { online_status: 'offline' });
    expect(await panel.sql('select jti from revoked_tokens')).toHaveLength(1);
    await grace.reload();
    await grace.getByRole('heading', { name: 'Sign in to Juniper' }).waitFor();
  });

  it('admin page refreshes every 10 s: by heartbeats and lists alone, without a socket', async () => {
    const grace = await enter(GRACE, 'polling');
    const admin = await arrive('polling');
    const [lists, beats, sockets]: [number[], number[], string[]] = [[], [], []];
    admin.on('websocket', (socket) => void sockets.push(socket.url()));
    admin.on('request', (request) => {
      if (request.url().includes('/presence/admin/users?')) lists.push(performance.now());
      if (request.url().endsWith('/presence/heartbeat')) beats.push(performance.now());
    });
    await fillIn(admin, ADA);
    await isOnline(admin);
    await admin.getByRole('link', { name: 'People' }).click();
    await seen(admin, GRACE, { status: 'online' });
    await grace.getByRole('button', { name: /^Sign out/ }).click();
    await seen(admin, GRACE, { status: 'offline' });
    await shows(GRACE, { online_status: 'offline' });
    await expect.poll(() => beats.length, { timeout: 10_000 }).toBeGreaterThan(2);
    expect(lists.length).toBeGreaterThan(beats.length);
    expect(sockets).toEqual([]);
  });

  it('offline after 2 minutes without a heartbeat', async () => {
    const admin = await asAdmin('polling');
    const grace = await enter(GRACE, 'polling');
    await seen(admin, GRACE, { status: 'online' });
    await grace.context().setOffline(true);
    await seen(admin, GRACE, { status: 'offline' });
    await shows(GRACE, { online_status: 'offline' });
    const [{ last_seen_at } = {}] = await panel.sql(lastSeen(GRACE));
    expect(Number(last_seen_at)).toBeGreaterThan(0);
    // Back by the next beat, without anybody's help.
    await grace.context().setOffline(false);
    await seen(admin, GRACE, { status: 'online' });
  });

  it('live admin page; the list forces blocked accounts offline, and their page says why and comes back', async () => {
    const admin = await asAdmin();
    await seen(admin, GRACE, { status: 'offline' });
    const grace = await enter(GRACE);
    await seen(admin, GRACE, { status: 'online' });
    await open(admin, GRACE);
    await admin
      .getByTestId('why')
      .getByText(/^Online, because/)
      .waitFor();
    await confirm(admin, 'Suspend');
    await grace.getByTestId('blocked').getByText('Your account is suspended.').waitFor();
    await seen(admin, GRACE, { status: 'offline', account: 'suspended' });
    await shows(GRACE, { account: 'suspended', online_status: 'offline' });
    const again = await arrive('live');
    await fillIn(again, GRACE);
    await again.getByRole('alert').getByText('Your account is suspended.').waitFor();
    await admin.getByTestId('pane').getByText('Refused: blocked').waitFor();
    await admin.getByRole('button', { name: 'Reactivate' }).click();
    await isOnline(grace);
    await seen(admin, GRACE, { status: 'online', account: 'active' });
    await shows(GRACE, { account: 'active', online_status: 'online' });
  });

  it('an admin signs somebody out everywhere, and sets a status over theirs', async () => {
    const admin = await asAdmin();
    const mei = await enter(MEI);
    await seen(admin, MEI, { status: 'online' });
    await open(admin, MEI);
    await admin.getByLabel('Status to set').selectOption('busy');
    await admin.getByLabel('Message').fill('In court');
    await admin.getByRole('button', { name: 'Set status' }).click();
    await seen(admin, MEI, { status: 'busy' });
    await shows(MEI, { online_status: 'busy' });
    await mei.getByTestId('profile').getByText('In court').waitFor();
    await admin.getByRole('button', { name: 'Clear it' }).click();
    await seen(admin, MEI, { status: 'online' });
    await confirm(admin, 'Sign out everywhere', 'Sign out');
    await mei.getByRole('heading', { name: 'You were signed out' }).waitFor();
    await seen(admin, MEI, { status: 'offline' });
    await shows(MEI, { online_status: 'offline' });
    await mei.reload();
    await mei.getByRole('heading', { name: 'Sign in to Juniper' }).waitFor();
    await admin.getByTestId('audited').getByText('Signed out everywhere').waitFor();
  });

  it('the table is searched, filtered and sorted; new users start offline and wait to be let in', async () => {
    const visitor = await arrive('live');
    await visitor.getByRole('button', { name: 'Create an account' }).click();
    await visitor.getByLabel('Name').fill('Zoe Lang');
    await visitor.getByLabel('E-mail').fill('zoe@juniper.example');
    await visitor.getByLabel('Password').fill('long enough');
    await visitor.getByRole('button', { name: 'Create the account' }).click();
    await visitor.getByText('An admin has to let you in first.').waitFor();
    await shows('zoe@juniper.example', { account: 'pending', online_status: 'offline' });

    const admin = await asAdmin();
    const names = () => admin.locator('.person-name').allTextContents();
    const shown = (expected: string[]) => expect.poll(names, { timeout: 5000 }).toEqual(expected);
    await admin.getByLabel('Account').selectOption('pending');
    await shown(['Lena Fischer', 'Zoe Lang']);
    await admin.getByLabel('Order').selectOption('-name');
    await shown(['Zoe Lang', 'Lena Fischer']);
    await open(admin, 'zoe@juniper.example');
    await admin.getByRole('button', { name: 'Let in' }).click();
    await shown(['Lena Fischer']);
    await fillIn(visitor, 'zoe@juniper.example', 'long enough');
    await isOnline(visitor);
    await admin.getByLabel('Account').selectOption('');
    await admin.getByLabel('Status', { exact: true }).selectOption('online');
    await shown(['Zoe Lang', 'Ada Moreau']);
    await admin.getByLabel('Search').fill('zoe@');
    await shown(['Zoe Lang']);
  });

  it('renews its token while it is open, with a socket and without', async () => {
    const [live, polling] = await Promise.all([enter(GRACE), enter(MEI, 'polling')]);
    const query = (email: string) => `
      select count(*) as spent from refresh_tokens r join users u on u.id = r.user_id
      where u.email = '${email}' and r.used_at is not null`;
    const spent = async (email: string) => Number((await panel.sql(query(email)))[0]?.['spent']);
    const [graces, meis] = [await spent(GRACE), await spent(MEI)];
    const renewals = async () => Math.min((await spent(GRACE)) - graces, (await spent(MEI)) - meis);
    await expect.poll(renewals, { timeout: 15_000 }).toBeGreaterThan(0);
    await isOnline(live);
    await isOnline(polling);
  });
});
