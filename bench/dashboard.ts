// The built-in dashboard in a real Chromium, with 100,000 users and 500 changes a second: frames while somebody scrolls, and
// what the page holds. Beside it the same page while nobody changes, and a bare table of as many rows by hand.
import { chromium, type Browser, type Page } from 'playwright-core';
import { ensureChromium } from '../tests/services/chromium.ts';
import { barePage } from './dashboard/bare.ts';
import { pageMemory } from './dashboard/memory.ts';
import { scroll, scrollToEnd } from './dashboard/page.ts';
import { PEOPLE, serveDashboard, type Changes } from './dashboard/server.ts';
import { figure, machine, role, start, type Side } from './sides.ts';

const FILE = import.meta.filename;
const FOR_MS = 10_000;
const MB = 1_000_000;

const NOBODY: Changes = { perSecond: 0, among: 1 };
const EVERYWHERE: Changes = { perSecond: 500, among: PEOPLE };
/** The rows that are scrolled through slowly. */
const FEW = 200;
const IN_VIEW: Changes = { perSecond: 500, among: FEW };

const SPEEDS = {
  'at a reader’s pace': { speed: 300, within: FEW * 48 - 1000 },
  quickly: { speed: 6000 },
  'by a fling': { speed: 40_000 },
} as const;

const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: ensureChromium(),
    // Chromium refuses its sandbox to root, and containers run as root.
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });

const newPage = (browser: Browser): Promise<Page> =>
  browser.newPage({ viewport: { width: 1280, height: 900 } });

const showScrolling = async (page: Page, name: string, goal?: string): Promise<void> => {
  for (const [pace, how] of Object.entries(SPEEDS)) {
    const { framesPerSecond, slowMs, workMs, emptyShare } = await scroll(page, {
      ...how,
      forMs: FOR_MS,
    });
    figure(`${name}, ${pace}: frames a second`, framesPerSecond, '', goal);
    figure(`${name}, ${pace}: the slowest frame of a hundred`, slowMs, 'ms');
    figure(`${name}, ${pace}: the page's work for a frame`, workMs, 'ms');
    figure(`${name}, ${pace}: frames with an empty place`, emptyShare * 100, '%');
  }
};

const showMemory = async (
  browser: Browser,
  page: Page,
  name: string,
  goal?: string,
): Promise<void> => {
  const { heap, nodes, process } = await pageMemory(browser, page);
  figure(`${name}: what scripts hold`, heap / MB, 'MB');
  figure(`${name}: nodes`, nodes, '');
  figure(`${name}: the page's whole process`, process / MB, 'MB', goal);
};

const bare = async (): Promise<void> => {
  const browser = await launch();
  const page = await newPage(browser);
  await showMemory(browser, page, 'an empty page');
  await page.setContent(barePage(PEOPLE));
  await showScrolling(page, 'a bare table');
  await showMemory(browser, page, 'a bare table');
  await browser.close();
};

const dashboard = async (server: Side): Promise<void> => {
  const browser = await launch();
  const page = await newPage(browser);
  await page.goto(`http://127.0.0.1:${await server.ask<number>('port')}/presence/admin`);
  await page.locator('.row').first().waitFor();
  const during = async (changes: Changes, work: () => Promise<void>): Promise<void> => {
    await server.ask('begin', changes);
    await work();
    if (changes.perSecond > 0) figure('  changes a second', await server.ask<number>('rate'), '');
    await server.ask('begin', NOBODY);
  };
  const goal = 'at least 50';
  await showMemory(browser, page, 'opened');
  await showScrolling(page, 'nobody changes');
  await during(EVERYWHERE, () => showScrolling(page, '500 changes a second', goal));
  await during(IN_VIEW, () => showScrolling(page, 'all of them among 200 rows', goal));
  const rows = await scrollToEnd(page);
  figure('rows that were scrolled through', rows, '', `${PEOPLE}`);
  await during(EVERYWHERE, async () => {
    await showScrolling(page, 'all seen, 500 changes a second', goal);
    await showMemory(browser, page, 'all seen, 500 changes a second', 'under 150');
  });
  await browser.close();
};

const compare = async (): Promise<void> => {
  console.log(`The dashboard with ${PEOPLE} users in Chromium. ${machine()}`);
  await bare();
  const server = start(FILE, 'server');
  await dashboard(server);
  await server.stop();
  process.exit(0);
};

await (role === 'server' ? serveDashboard() : compare());
