import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchChromium, missingChromium } from '../services/launch-chromium.ts';
import { startExample, type Example } from './example.ts';

const PEOPLE = 12;
const POLICY = { nodeLeaseMs: 6000, nodeRenewMs: 1000, grace: { lostMs: 2000, closedMs: 1500 } };

/** Runs in the page before anything of it: writes down what each dot shows, and when it changes. */
const recordDots = (): void => {
  const shown: Record<string, string[]> = {};
  Object.assign(globalThis, { shown });
  const read = (): void => {
    for (const dot of document.querySelectorAll<HTMLElement>('[data-user][data-status]')) {
      const { user = '', status = '' } = dot.dataset;
      const list = (shown[user] ??= []);
      if (list.at(-1) !== status) list.push(status);
    }
  };
  new MutationObserver(read).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['data-status'],
  });
};

const redis = inject('oneRedis');

describe.skipIf(missingChromium() ?? ('missing' in redis && redis.missing))(
  'the example with three nodes',
  () => {
    let example: Example;
    let browser: Browser;
    let page: Page;

    const visit = async (): Promise<Page> => {
      const visited = await (await browser.newContext()).newPage();
      await visited.addInitScript(recordDots);
      await visited.goto(example.url);
      await expect
        .poll(() => visited.getByTestId('your-node').getAttribute('data-node'), { timeout: 20_000 })
        .toMatch(/[123]/);
      return visited;
    };
    const text = (id: string): Promise<string> => page.getByTestId(id).innerText();
    const node = (id: number | string) => page.getByTestId(`node-${id}`);
    const stateOf = (id: number | string) => node(id).getAttribute('data-state');
    const press = (id: number | string, name: string) =>
      node(id).getByRole('button', { name }).click();
    const usersOn = async (id: number): Promise<number> =>
      Number(await node(id).getAttribute('data-users'));
    const all = async (): Promise<number> =>
      (await Promise.all([1, 2, 3].map(usersOn))).reduce((sum, users) => sum + users, 0);
    /** Statuses that were shown of anybody, and mean that they left. */
    const seenOffline = (): Promise<string[]> =>
      page.evaluate(() => {
        const { shown } = globalThis as unknown as { shown: Record<string, string[]> };
        return Object.entries(shown)
          .filter(([, statuses]) => statuses.slice(1).includes('offline'))
          .map(([user, statuses]) => `${user}: ${statuses.join(', ')}`);
      });

    beforeAll(async () => {
      [example, browser] = await Promise.all([
        startExample('cluster/cluster.ts', {
          REDIS_URL: 'service' in redis ? redis.service : '',
          PRESENCE_PREFIX: `presence-e2e-${randomUUID()}`,
          CLUSTER_PEOPLE: String(PEOPLE),
          CLUSTER_LIFE: 'off',
          CLUSTER_POLICY: JSON.stringify(POLICY),
        }),
        launchChromium(),
      ]);
    });

    afterAll(async () => {
      await browser?.close();
      await example?.stop();
    });

    it('has everybody online, spread over three nodes, and the visitor among them', async () => {
      page = await visit();
      await expect.poll(() => text('here'), { timeout: 20_000 }).toBe(String(PEOPLE + 1));
      await expect.poll(all).toBe(PEOPLE + 1);
      for (const id of [1, 2, 3]) expect(await usersOn(id)).toBeGreaterThanOrEqual(PEOPLE / 4);
    });

    it('S2: a node is killed: everybody is back on the others, nobody is seen leaving', async () => {
      const mine = (await page.getByTestId('your-node').getAttribute('data-node')) ?? '';
      const users = await usersOn(Number(mine));
      expect(users).toBeGreaterThan(0);
      await press(mine, 'Kill');
      await expect.poll(() => stateOf(mine)).toBe('killed');
      await expect
        .poll(() => text('journal'), { timeout: 20_000 })
        .toContain(`All ${users} came back within`);
      await expect.poll(all).toBe(PEOPLE + 1);
      expect(await usersOn(Number(mine))).toBe(0);
      expect(await page.getByTestId('your-node').getAttribute('data-node')).not.toBe(mine);
      // Past the end of its lease, and of the reaping after it.
      await expect
        .poll(() => node(mine).innerText(), { timeout: 20_000 })
        .toContain('Its lease has ended.');
      expect(await text('here')).toBe(String(PEOPLE + 1));
      expect(await text('seen-leaving')).toBe('0');
      expect(await seenOffline()).toEqual([]);

      await press(mine, 'Start');
      await expect.poll(() => stateOf(mine), { timeout: 20_000 }).toBe('running');
      // Nobody moves without a reason; whoever comes new fills it.
      const other = await visit();
      expect(await other.getByTestId('your-node').getAttribute('data-node')).toBe(mine);
      await other.context().close();
      await expect
        .poll(() => text('journal'), { timeout: 20_000 })
        .toMatch(/Visitor \w+ went offline/);
    });

    it('L8: a deploy: one node after the other has the new version, nobody is seen leaving', async () => {
      await page.getByTestId('deploy').click();
      await expect.poll(() => text('running'), { timeout: 10_000 }).not.toBe('3');
      for (const id of [1, 2, 3]) {
        await expect.poll(() => node(id).innerText(), { timeout: 30_000 }).toContain('v2');
      }
      await expect.poll(all, { timeout: 20_000 }).toBe(PEOPLE + 1);
      expect(await text('here')).toBe(String(PEOPLE + 1));
      expect(await text('seen-leaving')).toBe('0');
      const mine = await page.getByTestId('your-node').getAttribute('data-node');
      expect(mine).toMatch(/[123]/);
      const left = await seenOffline();
      // The other visitor of the test before closed their page.
      expect(left.filter((line) => !line.startsWith('visitor-'))).toEqual([]);
    });
  },
);
