import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { crowdStatus } from '../../examples/workspace/crowd.ts';
import { missingChromium } from '../services/launch-chromium.ts';
import { recordRows, scrolledRows, type ScrolledRow } from './scrolled-rows.ts';
import { watchedIds } from './watched-ids.ts';
import { useWorkspace } from './workspace.ts';

/** How long the list is scrolled; `PRESENCE_SCROLL_MS=30000` for longer. */
const SCROLL_MS = Number(process.env['PRESENCE_SCROLL_MS'] ?? 6000);

/** What a row may take to be right. */
const RIGHT_WITHIN_MS = 300;

/** What the server takes in one watch of ids. */
const SERVER_CAP = 1000;

/** The list is 800 px high and rows of 60: those on screen and 200 px around, and as many again under way. */
const OWN_CAP = 100;

const indexOf = (userId: string): number => Number(/^p(\d+)$/.exec(userId)?.[1] ?? Number.NaN);

/** As a hand does it: steady reading, then a fling, then a rest. */
const scroll = async (page: Page, forMs: number): Promise<void> => {
  const end = performance.now() + forMs;
  await page.mouse.move(800, 500);
  for (let turn = 0; performance.now() < end; turn += 1) {
    const isFling = turn % 30 > 24;
    await page.mouse.wheel(0, isFling ? 4000 : 60);
    await page.waitForTimeout(isFling ? 80 : 40);
    if (turn % 30 === 29) await page.waitForTimeout(500);
  }
};

/** When the page had its ticket, by its own clock. */
const ticketAt = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).find(({ name }) =>
        name.endsWith('/ticket'),
      )!.responseEnd,
  );

const isWrong = ({ userId, statuses }: ScrolledRow): boolean => {
  const expected = Number.isNaN(indexOf(userId)) ? null : crowdStatus(indexOf(userId));
  return expected !== null && statuses.some((status) => status !== expected);
};

describe.skipIf(missingChromium())('a directory of ten thousand people', () => {
  const demo = useWorkspace({
    policy: { leaseMs: 600_000 },
    env: { PRESENCE_DATABASE_URL: 'memory:', WORKSPACE_PEOPLE: '10000' },
    crowd: 'stays',
  });

  it(`is scrolled, with every dot right within ${RIGHT_WITHIN_MS} ms of its row and no more watched than is seen`, async () => {
    const ada = await demo.desk('juniper', 'ada');
    const page = await ada.context.newPage();
    await page.addInitScript(recordRows);
    const watched = watchedIds(page);
    await page.goto(`${demo.server.url}/juniper/directory`);
    await page.locator('.directory-row[data-status="online"]').first().waitFor();
    await page.getByTestId('count').getByText('6,001 here now').waitFor();

    await scroll(page, SCROLL_MS);
    const rows = await scrolledRows(page);
    expect(rows.length).toBeGreaterThan(100);
    expect(new Set(rows.flatMap(({ statuses }) => statuses)).size, 'all kinds').toBe(4);
    expect(rows.filter(isWrong)).toEqual([]);
    const welcomedAt = await ticketAt(page);
    const isLate = ({ from, shownMs, knownAfterMs }: ScrolledRow): boolean => {
      // The first ones are there before the page may connect: they wait for that besides.
      const waitedMs = Math.max(0, welcomedAt - from);
      return (knownAfterMs ?? shownMs) > waitedMs + RIGHT_WITHIN_MS;
    };
    expect(rows.filter(isLate)).toEqual([]);
    expect(watched.most()).toBeLessThan(OWN_CAP);
    expect(OWN_CAP).toBeLessThan(SERVER_CAP);
  });

  it('is searched, and narrowed to whoever is here now, live', async () => {
    const ada = await demo.desk('juniper', 'ada');
    const tab = await ada.open('juniper', 'directory');
    const found = (text: string) => tab.page.getByTestId('found').getByText(text).waitFor();
    await found('10,013 people');
    await tab.page.getByLabel('Search').fill('design lagos okafor');
    await found('1 person');
    await tab.sees('directory', 'grace', 'offline');
    await tab.page.getByLabel('Here now').check();
    await found('0 people');
    await tab.page.getByText('Nobody of them is here now.').waitFor();
    const grace = await (await demo.desk('juniper', 'grace')).open('juniper');
    await found('1 person');
    await tab.sees('directory', 'grace', 'online');
    await grace.page.close();
    await found('0 people');
  });
});
