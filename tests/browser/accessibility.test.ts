import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, inject, it } from 'vitest';
import { startOnSqlite } from '../admin-panel/panel.ts';
import { launchChromium, missingChromium } from '../services/launch-chromium.ts';
import { isAccessible } from './axe.ts';
import { comeIn, startChat } from './chat.ts';
import { openDashboard } from './dashboard.ts';
import { startExample } from './example.ts';
import { QUICK, startQuickstart } from './quickstart.ts';
import { openWindow } from './window.ts';

/* What people who hear a page, or use no mouse, get of it: axe finds nothing, in light and in dark, and nothing is cut off on a phone. */

const redis = inject('oneRedis');

/** A page of this folder, as one text. */
const bundlePage = async (name: string): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`pages/${name}`, import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    conditions: ['@presence/source'],
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return outputFiles[0]?.text ?? '';
};

describe.skipIf(missingChromium())('axe finds nothing', () => {
  let browser: Browser;
  const stops: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all(stops.map((stop) => stop()));
  });
  const newPage = async (): Promise<Page> => (await browser.newContext()).newPage();

  it('on the components', async () => {
    const page = await newPage();
    const css = fileURLToPath(new URL('../../packages/react/src/styles.css', import.meta.url));
    await page.setContent(
      '<!doctype html><html lang="en" style="color-scheme: light dark"><title>Components</title><div id="root">',
    );
    await page.addStyleTag({ path: css });
    await page.addScriptTag({ content: await bundlePage('components.tsx'), type: 'module' });
    await page.getByRole('heading', { name: 'Components' }).waitFor();
    await isAccessible(page, 'components');
    await page.getByRole('button', { name: /^Your status/ }).click();
    await page.getByRole('dialog').waitFor();
    await isAccessible(page, 'the open status picker');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Presence:/ }).click();
    await page.getByRole('complementary', { name: 'Presence devtools' }).waitFor();
    await isAccessible(page, 'devtools');
  });

  it('on the quickstart and the dashboard', async () => {
    const quickstart = await startQuickstart(QUICK);
    stops.push(quickstart.stop);
    const { url } = quickstart;
    const grace = await openWindow(await browser.newContext(), url, 'grace');
    await isAccessible(grace.page, 'quickstart');
    const ada = await openWindow(await browser.newContext(), url, 'ada');
    await isAccessible(ada.page, 'quickstart, as an admin');
    const entrance = await newPage();
    await entrance.goto(`${url}/presence/admin`);
    await entrance.getByRole('heading', { name: 'Sign in first' }).waitFor();
    await isAccessible(entrance, 'the entrance of the dashboard');
    const admin = await openDashboard(await browser.newContext(), url, 'ada');
    await admin.sees('grace', 'online');
    await isAccessible(admin.page, 'the table of the dashboard');
    await admin.open('grace');
    await isAccessible(admin.page, 'one user in the dashboard');
  });

  it('on the admin panel', async () => {
    const panel = await startOnSqlite();
    stops.push(panel.stop);
    const page = await newPage();
    await page.goto(panel.url);
    await page.getByRole('heading', { name: 'Sign in to Juniper' }).waitFor();
    await isAccessible(page, 'signing in');
    await page.getByLabel('E-mail').fill('ada@juniper.example');
    await page.getByLabel('Password').fill('juniper');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('[data-testid="profile"][data-status="online"]').waitFor();
    await isAccessible(page, 'the own page');
    await page.getByRole('link', { name: 'People' }).click();
    const row = page.locator('.person').filter({ hasText: 'grace@juniper.example' });
    await row.waitFor();
    await isAccessible(page, 'people');
    await row.click();
    await page.getByTestId('pane').waitFor();
    await isAccessible(page, 'one person');
  });

  it('on the workspace', async () => {
    const workspace = await startExample('workspace/server.ts', {
      COLLEAGUES: 'off',
      PRESENCE_DATABASE_URL: 'memory:',
      WORKSPACE_MESSAGES: ':memory:',
    });
    stops.push(workspace.stop);
    const page = await newPage();
    await page.goto(workspace.url);
    await page.getByRole('link', { name: /^Juniper/ }).click();
    await page.getByRole('heading', { name: 'Sign in to Juniper' }).waitFor();
    await isAccessible(page, 'the door');
    await page.getByRole('button', { name: /^Grace Okafor/ }).click();
    const opened: [path: string, place: string][] = [
      ['channels/design', 'channel-members'],
      ['directory', 'directory'],
      ['people/grace', 'profile'],
      ['project', 'project'],
    ];
    for (const [path, place] of opened) {
      await page.locator('[data-testid="my-status"][data-status="online"]').waitFor();
      await page.goto(`${workspace.url}/juniper/${path}`);
      const row = '[data-user="grace"][data-status="online"]';
      await page.locator(`[data-place="${place}"] ${row}, [data-place="${place}"]${row}`).waitFor();
      await isAccessible(page, path);
    }
  });

  it('on the chat', async () => {
    const chat = await startChat({});
    stops.push(chat.stop);
    const page = await newPage();
    await page.goto(chat.url);
    await page.getByLabel('Your name').waitFor();
    await isAccessible(page, 'the door of the chat');
    const contexts = new Set<BrowserContext>();
    const ada = await comeIn(browser, chat.url, 'Ada', contexts);
    await isAccessible(ada.page, 'an empty room');
    const grace = await comeIn(browser, chat.url, 'Grace', contexts);
    await grace.say('Good evening');
    await grace.write('Is there');
    await ada.hears('Good evening');
    await ada.sees('in-room', 'Grace', 'online');
    await ada.seesTyping('Grace');
    await isAccessible(ada.page, 'a room');
  });

  it.skipIf('missing' in redis)('on the cluster', async () => {
    const cluster = await startExample('cluster/cluster.ts', {
      REDIS_URL: 'service' in redis ? redis.service : '',
      PRESENCE_PREFIX: `presence-axe-${randomUUID()}`,
      CLUSTER_PEOPLE: '12',
      CLUSTER_LIFE: 'off',
    });
    stops.push(cluster.stop);
    const page = await newPage();
    await page.goto(cluster.url);
    await page.locator('[data-testid="your-node"][data-node]').waitFor();
    await isAccessible(page, 'cluster');
  });
});
