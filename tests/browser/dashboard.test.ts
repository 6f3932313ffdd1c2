import { describe, expect, it } from 'vitest';
import { missingChromium } from '../services/launch-chromium.ts';
import { useDemo } from './demo.ts';

describe.skipIf(missingChromium())('the dashboard', () => {
  const demo = useDemo();

  it('S11: shows people come and go; whoever is suspended is grey there, and told so', async () => {
    const admin = await demo.admin('ada');
    await admin.sees('grace', 'offline');
    const grace = await demo.someone('grace');
    await demo.someone('linus');
    await admin.sees('grace', 'online');
    await admin.sees('linus', 'online');
    await admin.open('grace');
    await admin.page.getByText(/^Online, because/).waitFor();
    await admin.suspend();
    await grace.page
      .getByText(/account/)
      .first()
      .waitFor();
    await admin.sees('grace', 'offline');
    await admin.page.getByText('Offline, because the account is suspended.').waitFor();
    await expect
      .poll(() => admin.page.getByTestId('notice').getAttribute('data-kind'))
      .toBe('done');
    await admin.page.getByRole('button', { name: 'Unblock' }).click();
    await expect
      .poll(() => admin.page.getByTestId('user-account').textContent(), { timeout: 10_000 })
      .toBe('Active');
    expect(admin.problems).toEqual([]);
  });

  it('S10: two admins collide on one user, and one of them is told', async () => {
    const first = await demo.admin('ada');
    const second = await demo.admin('ada');
    await first.open('noah');
    await second.open('noah');
    // The second one's page does not learn of it in time.
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    await second.page.route('**/admin/users/noah', async (route) => {
      await released;
      await route.continue();
    });
    await first.suspend();
    await first.page.getByText('Offline, because the account is suspended.').waitFor();
    await second.page.getByRole('button', { name: 'Set status' }).click();
    await second.page.getByText(/Somebody else changed this user a moment ago/).waitFor();
    release();
    await second.page.getByText('Offline, because the account is suspended.').waitFor();
    await first.page.getByRole('button', { name: 'Unblock' }).click();
    await expect
      .poll(() => second.page.getByTestId('user-account').textContent(), { timeout: 20_000 })
      .toBe('Active');
  });

  it('survives a restart of the server, and says meanwhile how old everything is', async () => {
    const admin = await demo.admin('ada');
    await demo.someone('grace');
    await admin.sees('grace', 'online');
    await demo.server.kill();
    await admin.page.getByText(/The server does not answer/).waitFor();
    await demo.server.start();
    await admin.page
      .getByText(/The server does not answer/)
      .waitFor({ state: 'detached', timeout: 30_000 });
    await admin.sees('grace', 'online', 60_000);
    expect(admin.problems).toEqual([]);
  });

  it('opens for an admin of the demo without a question', async () => {
    const ada = await demo.someone('ada');
    const [opened] = await Promise.all([
      ada.page.waitForEvent('popup'),
      ada.page.getByRole('button', { name: 'Dashboard' }).click(),
    ]);
    await opened.getByText('Signed in as ada').waitFor();
    await opened.locator('.row[data-user="ada"][data-status="online"]').waitFor();
  });

  it('says who lacks which right', async () => {
    const eve = await demo.admin('mei');
    await eve.page.getByRole('heading', { name: 'mei may not see this' }).waitFor();
    await eve.page.getByText('This takes the right to "admin:users:read".').waitFor();
    expect(eve.problems).toEqual([]);
  });
});
