import { describe, expect, it } from 'vitest';
import { missingChromium } from '../services/launch-chromium.ts';
import { useDemo } from './demo.ts';

describe.skipIf(missingChromium())('somebody who does nothing', () => {
  const demo = useDemo({ awayAfterMs: 5000 });

  it('turns away, and online with input in any tab', async () => {
    const ada = await demo.someone('ada');
    const grace = await demo.someone('grace');
    const second = await demo.anotherTab(grace, 'grace');
    await ada.sees('grace', 'away');
    await grace.moves();
    await ada.sees('grace', 'online');
    await ada.sees('grace', 'away');
    await second.moves();
    await ada.sees('grace', 'online');
    const turns = await ada.history('grace');
    expect(turns.slice(turns.indexOf('away'))).toEqual(['away', 'online', 'away', 'online']);
  });

  it('has it said in words why they are away, and why online again', async () => {
    const ada = await demo.someone('ada');
    const grace = await demo.someone('grace');
    await ada.page.locator('[data-user="grace"]').first().click();
    const decision = () => ada.page.getByTestId('decision').textContent();
    await expect
      .poll(decision, { timeout: 20_000 })
      .toContain('Away, because every session is idle');
    await grace.moves();
    await expect
      .poll(decision, { timeout: 20_000 })
      .toContain('Online, because 1 session of 1 is active.');
  });
});
