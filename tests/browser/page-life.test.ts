import { describe, expect, it } from 'vitest';
import { missingChromium } from '../services/launch-chromium.ts';
import { useDemo } from './demo.ts';
import { holds } from './window.ts';

describe.skipIf(missingChromium())('the life of a page', () => {
  const demo = useDemo({}, true);

  it('L2: a reload within the grace is seen by nobody', async () => {
    const ada = await demo.someone('ada');
    const grace = await demo.someone('grace');
    await ada.sees('grace', 'online');
    const before = await ada.history('grace');
    await grace.page.reload();
    await grace.connects();
    await holds(4000, async () => expect(await ada.status('grace')).toBe('online'));
    expect(await ada.history('grace')).toEqual(before);
  });

  it('goes into the page cache without its socket, and comes back live', async () => {
    const ada = await demo.someone('ada');
    const grace = await demo.someone('grace');
    await ada.sees('grace', 'online');
    await grace.page.evaluate(() => {
      Object.assign(globalThis, { kept: false });
      addEventListener('pageshow', ({ persisted }) =>
        Object.assign(globalThis, { kept: persisted }),
      );
    });
    await grace.page.goto(`${demo.server.url}/api/people`);
    await ada.sees('grace', 'offline');
    await grace.page.goBack({ waitUntil: 'commit' });
    expect(await grace.page.evaluate(() => (globalThis as unknown as { kept: boolean }).kept)).toBe(
      true,
    );
    await grace.connects();
    await ada.sees('grace', 'online');
    await grace.sees('ada', 'online');
  });

  it('S18, L1: a lost network is said to be one, others see them go, and everything is back with it', async () => {
    const ada = await demo.someone('ada');
    const grace = await demo.someone('grace');
    await ada.sees('grace', 'online');
    await grace.page.context().setOffline(true);
    await expect
      .poll(async () => (await grace.connection()).connection, { timeout: 10_000 })
      .toBe('reconnecting');
    await ada.sees('grace', 'offline');
    expect(await grace.history('ada')).not.toContain('offline');
    await grace.page.context().setOffline(false);
    await grace.connects(45_000);
    await ada.sees('grace', 'online');
    await grace.sees('ada', 'online');
    expect(await grace.history('ada')).not.toContain('offline');
  });
});
