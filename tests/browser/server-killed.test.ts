import { describe, expect, it } from 'vitest';
import { missingChromium } from '../services/launch-chromium.ts';
import { useDemo } from './demo.ts';

describe.skipIf(missingChromium())('a server that is killed and started again', () => {
  const demo = useDemo();

  it('L7: has nobody online who is not, and everybody back by themselves', async () => {
    const ada = await demo.someone('ada');
    const grace = await demo.someone('grace');
    const linus = await demo.someone('linus');
    await ada.sees('linus', 'online');
    await demo.server.kill();
    await expect
      .poll(async () => (await ada.connection()).connection, { timeout: 10_000 })
      .toBe('reconnecting');
    // S18: not known while nobody can know it.
    await ada.sees('grace', 'unknown');
    // While the server is gone somebody leaves: nobody could tell the others.
    await linus.page.context().close();
    await demo.server.start();
    await Promise.all([ada.connects(45_000), grace.connects(45_000)]);
    await ada.sees('grace', 'online');
    await grace.sees('ada', 'online');
    await ada.sees('linus', 'offline');
    await grace.sees('linus', 'offline');
  });
});
