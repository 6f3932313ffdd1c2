import { describe, expect, it } from 'vitest';
import { missingChromium } from '../services/launch-chromium.ts';
import { useDemo } from './demo.ts';
import { signIn } from './quickstart.ts';
import { holds } from './window.ts';

describe.skipIf(missingChromium())('two people in front of the demo', () => {
  const demo = useDemo();

  it('L3: see each other come online, and go when the last tab closes (L2)', async () => {
    const ada = await demo.someone('ada');
    await ada.sees('grace', 'offline');
    const grace = await demo.someone('grace');
    await ada.sees('grace', 'online');
    await grace.sees('ada', 'online');
    await grace.page.context().close();
    await ada.sees('grace', 'offline');
    expect(await ada.history('grace')).toEqual(['offline', 'online', 'offline']);
  });

  it('S8: are busy with a text, and an end that comes by itself', async () => {
    const ada = await demo.someone('ada');
    const grace = await demo.someone('grace');
    await grace.page.getByTestId('my-status').getByRole('button').first().click();
    await grace.page.getByRole('radio', { name: /busy/i }).check({ force: true });
    await grace.page.getByRole('textbox', { name: 'Status message' }).fill('Deep in a refactoring');
    await grace.page.getByRole('button', { name: 'Save' }).click();
    await ada.sees('grace', 'busy');
    await ada.page.getByText('Deep in a refactoring').first().waitFor();

    const response = await fetch(`${demo.server.url}/presence/me/status`, {
      method: 'PUT',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await signIn(demo.server.url, 'grace')}`,
      },
      body: JSON.stringify({ status: 'dnd', message: 'Three seconds', forMs: 3000 }),
    });
    expect(response.status).toBe(200);
    await ada.sees('grace', 'dnd');
    await ada.sees('grace', 'online');
    expect(await ada.history('grace')).toEqual(['offline', 'online', 'busy', 'dnd', 'online']);
  });

  it('S12: are offline at once when they sign out, in every tab', async () => {
    const ada = await demo.someone('ada');
    const grace = await demo.someone('grace');
    const second = await demo.anotherTab(grace, 'grace');
    await ada.sees('grace', 'online');
    await grace.page.getByRole('button', { name: /^Sign out/ }).click();
    // At once: sooner than a closed page, whose grace is 2.5 s.
    await ada.sees('grace', 'offline', 2000);
    await expect
      .poll(() => second.openSockets() + grace.openSockets(), { timeout: 10_000 })
      .toBe(0);
    await holds(1500, async () => expect(await ada.status('grace')).toBe('offline'));
  });
});
