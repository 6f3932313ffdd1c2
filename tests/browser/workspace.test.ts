import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { missingChromium } from '../services/launch-chromium.ts';
import { holds } from './window.ts';
import { isColoured, type WorkspaceTab } from './workspace-tab.ts';
import { QUICK, useWorkspace } from './workspace.ts';

/** Five and thirty minutes, each divided by 150. A node's lease outlives a restart, on a busy machine as well. */
const policy = { awayAfterMs: 2000, offlineAfterIdleMs: 12_000, nodeLeaseMs: 20_000 };

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** `presence reap`, as cron runs it. */
const reap = async (url: string, policyFile: string): Promise<string> => {
  const program = 'packages/server/bin/presence.js';
  const tool = ['--conditions=@presence/source', '--no-warnings', program];
  const command = ['reap', '--no-wait', '--url', url, '--policy', policyFile];
  const { stdout } = await promisify(execFile)(process.execPath, [...tool, ...command], {
    cwd: repository,
  });
  return stdout;
};

describe.skipIf(missingChromium())('the workspace', () => {
  const demo = useWorkspace({ policy });

  /** One browser with a tab for each place that shows people. */
  const everywhere = async () => {
    const desk = await demo.desk('juniper', 'ada');
    const [directory, profile, project] = await Promise.all([
      desk.open('juniper', 'directory'),
      desk.open('juniper', 'people/noah'),
      desk.open('juniper', 'project'),
    ]);
    return { directory, profile, project, all: [directory, profile, project] };
  };

  it('dots in member list, channel list, directory, profile and shared project: green, yellow, red, grey', async () => {
    const { directory, profile, project } = await everywhere();
    const becomes = async (status: string, colour: string): Promise<void> => {
      await directory.sees('directory', 'noah', status);
      await directory.sees('member-list', 'noah', status);
      // Nobody else of that channel is here: its dot is Noah's.
      await directory.channelShows('engineering', status);
      await profile.sees('profile', 'noah', status);
      await project.sees('project', 'noah', status);
      const row = '[data-user="noah"]';
      await isColoured(directory, `[data-place="directory"] ${row}`, colour);
      await isColoured(directory, `[data-place="member-list"] ${row}`, colour);
      await isColoured(directory, '[data-channel="engineering"]', colour);
      await isColoured(profile, `[data-place="profile"]${row}`, colour);
      await isColoured(project, `[data-place="project"] ${row}`, colour);
    };
    await becomes('offline', 'grey');
    const noah = await (await demo.desk('juniper', 'noah')).open('juniper', 'channels/design');
    await noah.movesOn();
    await becomes('online', 'green');

    const choose = async (name: RegExp): Promise<void> => {
      const own = noah.page.getByTestId('my-status');
      await own.getByRole('button').first().click();
      await noah.page.getByRole('radio', { name }).check({ force: true });
      await noah.page.getByRole('button', { name: 'Save' }).click();
    };
    await choose(/busy/i);
    await becomes('busy', 'red');
    await choose(/away/i);
    await becomes('away', 'yellow');
    await choose(/online/i);
    await becomes('online', 'green');
    await noah.page.getByRole('button', { name: /^Sign out/ }).click();
    await becomes('offline', 'grey');
  });

  it('one connection per user over all tabs; activity in any tab counts; closing all tabs is offline', async () => {
    const grace = await (await demo.desk('juniper', 'grace')).open('juniper');
    const { all } = await everywhere();
    const [first, second, third] = all as [WorkspaceTab, WorkspaceTab, WorkspaceTab];
    const sockets = (): number => all.reduce((sum, tab) => sum + tab.openSockets(), 0);
    await expect.poll(sockets, { timeout: 10_000 }).toBe(1);
    for (const tab of [second, third]) {
      await grace.sees('member-list', 'ada', 'away');
      await tab.moves();
      await grace.sees('member-list', 'ada', 'online');
    }
    const before = (await grace.history('member-list', 'ada')).length;
    await first.page.close();
    await second.page.close();
    // Longer than the grace of a page that closes.
    await holds(2500, async () => {
      const since = (await grace.history('member-list', 'ada')).slice(before);
      expect(since, 'while a tab is open').not.toContain('offline');
    });
    await third.moves();
    await grace.sees('member-list', 'ada', 'online');
    await third.page.close();
    await grace.sees('member-list', 'ada', 'offline');
  });

  it('away after 5 minutes, offline after 30 idle minutes, any activity brings online back', async () => {
    const grace = await (await demo.desk('juniper', 'grace')).open('juniper');
    const ada = await (await demo.desk('juniper', 'ada')).open('juniper', 'directory');
    await grace.sees('member-list', 'ada', 'away');
    await grace.sees('member-list', 'ada', 'offline', 30_000);
    expect(ada.openSockets()).toBe(1);
    await ada.moves();
    await grace.sees('member-list', 'ada', 'online');
    const turns = await grace.history('member-list', 'ada');
    expect(turns.slice(turns.indexOf('away'))).toEqual(['away', 'offline', 'online']);
  });

  it('the shared project says who has it open, in whichever tab, and not who is only here', async () => {
    const ada = await (await demo.desk('juniper', 'ada')).open('juniper', 'project');
    const noah = await demo.desk('juniper', 'noah');
    const elsewhere = await noah.open('juniper', 'directory');
    const opened = (ids: string) =>
      ada.page.locator(`.here-now[data-here="${ids}"]`).waitFor({ state: 'attached' });
    await opened('ada');
    const [first, second] = [
      await noah.open('juniper', 'project'),
      await noah.open('juniper', 'project'),
    ];
    await opened('ada noah');
    await first.page.close();
    await second.page.getByRole('link', { name: 'Directory' }).click();
    await opened('ada');
    await elsewhere.moves();
    await ada.sees('project', 'noah', 'online');
  });

  it('channels: what is said is heard in every tab of everybody, read along by others, and there after a kill', async () => {
    const ada = await demo.desk('juniper', 'ada');
    const leader = await ada.open('juniper', 'channels/design');
    const follower = await ada.open('juniper', 'channels/general');
    const grace = await (await demo.desk('juniper', 'grace')).open('juniper', 'channels/design');
    const noah = await (await demo.desk('juniper', 'noah')).open('juniper', 'channels/design');
    await grace.says('Tea at four');
    for (const tab of [grace, leader, noah]) await tab.hears('Tea at four');
    await follower.isUnread('design', true);
    await follower.page.getByRole('link', { name: /^design/ }).click();
    await follower.hears('Tea at four');
    await follower.isUnread('design', false);
    await noah.page.getByText('You read along').waitFor();
    expect(await noah.page.getByLabel(/^Message to /).count()).toBe(0);

    await demo.server.kill();
    await grace.connection('reconnecting');
    await grace.says('Nobody can hear this');
    await grace.page.getByRole('alert').getByText('Not sent').waitFor();
    expect(await grace.page.getByLabel('Message to design').inputValue()).toBe(
      'Nobody can hear this',
    );
    await demo.server.start();
    await Promise.all([grace, leader, noah].map((tab) => tab.connection('connected', 45_000)));
    // Once more by the keyboard alone: the field has the focus, and its text is still in it.
    await grace.page.keyboard.press('Enter');
    for (const tab of [leader, follower, noah]) await tab.hears('Nobody can hear this');
    const late = await ada.open('juniper', 'channels/design');
    await late.hears('Tea at four');
  });

  it('a channel opens at its end, with the field ready; what others say moves nothing for who reads further up', async () => {
    const grace = await (await demo.desk('juniper', 'grace')).open('juniper', 'channels/design');
    const lines = (from: number): string =>
      Array.from({ length: 30 }, (_, line) => `Line ${from + line}`).join('\n');
    for (const from of [100, 200]) await grace.says(lines(from));
    await expect.poll(grace.isAtEnd, { timeout: 10_000 }).toBe(true);
    const ada = await (await demo.desk('juniper', 'ada')).open('juniper', 'channels/design');
    const log = ada.page.getByRole('log');
    await log.getByText('Line 229').waitFor();
    await expect.poll(ada.isAtEnd, { timeout: 10_000 }).toBe(true);
    await ada.page.keyboard.type('Seen');
    await ada.page.keyboard.press('Enter');
    await ada.hears('Seen');
    await expect.poll(ada.isAtEnd, { timeout: 10_000 }).toBe(true);

    const topOf = () =>
      log.getByText('Line 100').evaluate((row) => row.getBoundingClientRect().top);
    await log.focus();
    await ada.page.keyboard.press('Home');
    await expect.poll(topOf, { timeout: 10_000 }).toBeGreaterThan(0);
    await expect.poll(ada.isAtEnd, { timeout: 10_000 }).toBe(false);
    // The browser scrolls for a while: what is compared begins where it ends.
    const above = () =>
      log.evaluate(
        ({ scrollTop, scrollHeight, clientHeight }) => scrollHeight - clientHeight + scrollTop,
      );
    await expect.poll(above, { timeout: 10_000 }).toBeLessThan(2);
    const before = await topOf();
    await grace.says('One more');
    await ada.hears('One more');
    expect(Math.abs((await topOf()) - before)).toBeLessThan(2);
  });

  it('typing shows to who reads a channel, and to nobody else; sending clears it', async () => {
    const [ada, mei] = [
      await (await demo.desk('juniper', 'ada')).open('juniper', 'channels/design'),
      await (await demo.desk('juniper', 'mei')).open('juniper', 'channels/general'),
    ];
    const grace = await (await demo.desk('juniper', 'grace')).open('juniper', 'channels/design');
    await grace.writes('Two lines');
    await grace.page.keyboard.press('Shift+Enter');
    await grace.writes('of it');
    await ada.seesTyping('Grace Okafor');
    await mei.seesTyping(null);
    await grace.seesTyping(null);
    await grace.page.keyboard.press('Enter');
    await ada.hears('Two lines of it');
    await ada.seesTyping(null);
  });

  it('automatic reconnect; a clean-up command for cron that prints how many it reset', async () => {
    const people = ['ada', 'grace', 'mei'];
    const tabs = await Promise.all(
      people.map(async (id) => (await demo.desk('juniper', id)).open('juniper')),
    );
    const [ada] = tabs as [WorkspaceTab, WorkspaceTab, WorkspaceTab];
    for (const tab of tabs) await tab.movesOn();
    for (const id of people) await ada.sees('member-list', id, 'online');

    const before = (await ada.history('member-list', 'grace')).length;
    await demo.server.kill();
    await Promise.all(tabs.map((tab) => tab.connection('reconnecting')));
    await ada.page.getByText('Reconnecting').waitFor();
    await demo.server.start();
    await Promise.all(tabs.map((tab) => tab.connection('connected', 45_000)));
    for (const id of people) await ada.sees('member-list', id, 'online');
    const since = (await ada.history('member-list', 'grace')).slice(before);
    expect(since, 'S18: nobody knew, and nobody said offline').not.toContain('offline');

    await demo.server.kill();
    const file = join(demo.folder, 'policy.json');
    writeFileSync(file, JSON.stringify({ ...QUICK, ...policy }));
    // Each run writes the pulse of the store, so that the next one need not wait for anybody to come back.
    await expect
      .poll(() => reap(demo.databaseUrl, file), { timeout: 100_000, interval: 500 })
      .toContain('Reset 3 users: offline now.');
    expect(await reap(demo.databaseUrl, file)).toContain('Reset 0 users: offline now.');
    await demo.server.start();
  });
});
