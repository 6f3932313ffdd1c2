import { describe, expect, it } from 'vitest';
import { missingChromium } from '../services/launch-chromium.ts';
import { useDemo } from './demo.ts';
import { holds, type Window } from './window.ts';

const roles = async (tabs: readonly Window[]): Promise<readonly string[]> => {
  const connections = await Promise.all(tabs.map((tab) => tab.connection()));
  return connections.map(({ role }) => role).sort();
};

const leaderOf = async (tabs: readonly Window[]): Promise<Window> => {
  for (const tab of tabs) if ((await tab.connection()).role === 'leader') return tab;
  throw new Error('No tab leads.');
};

const sockets = (tabs: readonly Window[]): number =>
  tabs.reduce((sum, tab) => sum + tab.openSockets(), 0);

describe.skipIf(missingChromium())('the tabs of one browser', () => {
  const demo = useDemo();

  const threeTabs = async () => {
    const ada = await demo.someone('ada');
    const first = await demo.someone('grace');
    const tabs = [
      first,
      await demo.anotherTab(first, 'grace'),
      await demo.anotherTab(first, 'grace'),
    ];
    await expect
      .poll(() => roles(tabs), { timeout: 15_000 })
      .toEqual(['follower', 'follower', 'leader']);
    await ada.sees('grace', 'online');
    return { ada, tabs };
  };

  it('make one connection; closing two changes nothing, closing the last is offline after the grace (L2)', async () => {
    const { ada, tabs } = await threeTabs();
    expect(sockets(tabs)).toBe(1);
    const leader = await leaderOf(tabs);
    const [second, last] = tabs.filter((tab) => tab !== leader) as [Window, Window];
    await leader.page.close({ runBeforeUnload: false });
    await second.page.close();
    await expect
      .poll(async () => (await last.connection()).role, { timeout: 15_000 })
      .toBe('leader');
    await last.connects();
    await holds(3500, async () => expect(await ada.status('grace')).toBe('online'));
    expect(last.openSockets()).toBe(1);
    await last.page.close();
    await ada.sees('grace', 'offline');
    expect(await ada.history('grace')).toEqual(['offline', 'online', 'offline']);
  });

  it('L4: take over without a gap when the one with the connection closes', async () => {
    const { ada, tabs } = await threeTabs();
    const leader = await leaderOf(tabs);
    const others = tabs.filter((tab) => tab !== leader);
    await leader.page.close();
    await expect.poll(() => roles(others), { timeout: 15_000 }).toEqual(['follower', 'leader']);
    await holds(4000, async () => expect(await ada.status('grace')).toBe('online'));
    expect(await ada.history('grace')).toEqual(['offline', 'online']);
    await others[0]?.sees('ada', 'online');
  });

  it('L4: take over without a gap when the main thread of the one with the connection is stopped', async () => {
    const { ada, tabs } = await threeTabs();
    const leader = await leaderOf(tabs);
    const others = tabs.filter((tab) => tab !== leader);
    const stopped = leader.page.evaluate(() => {
      const end = performance.now() + 12_000;
      while (performance.now() < end);
    });
    await expect.poll(() => roles(others), { timeout: 15_000 }).toEqual(['follower', 'leader']);
    await expect
      .poll(async () => (await (await leaderOf(others)).connection()).connection, {
        timeout: 10_000,
      })
      .toBe('connected');
    await stopped;
    await expect
      .poll(() => roles(tabs), { timeout: 15_000 })
      .toEqual(['follower', 'follower', 'leader']);
    await expect.poll(() => sockets(tabs), { timeout: 10_000 }).toBe(1);
    await holds(3000, async () => expect(await ada.status('grace')).toBe('online'));
    expect(await ada.history('grace')).toEqual(['offline', 'online']);
  });
});
