import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PolicyOptions } from '@presence/server';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startExample, type Example } from './example.ts';

/** The chat in a file of its own, without its played neighbours. */
export const startChat = async (policy: PolicyOptions): Promise<Example> => {
  const folder = mkdtempSync(join(tmpdir(), 'presence-chat-'));
  const example = await startExample('chat/server.ts', {
    COLLEAGUES: 'off',
    CHAT_FILE: join(folder, 'chat.db'),
    CHAT_POLICY: JSON.stringify(policy),
  });
  return {
    ...example,
    stop: async () => {
      await example.stop();
      rmSync(folder, { recursive: true });
    },
  };
};

/** One window of the chat, signed in. */
export interface Guest {
  readonly page: Page;
  readonly name: string;
  /** Opens a room. */
  enter(room: string): Promise<void>;
  say(text: string): Promise<void>;
  /** Begins to write, and does not send. */
  write(text: string): Promise<void>;
  hears(text: string): Promise<void>;
  /** Somebody is listed in the open room, or in the rest of the house, with this status. */
  sees(where: 'in-room' | 'in-house', name: string, status: string): Promise<void>;
  misses(where: 'in-room' | 'in-house', name: string): Promise<void>;
  seesTyping(name: string): Promise<void>;
  seesNobodyTyping(): Promise<void>;
}

const guestOf = (page: Page, name: string): Guest => {
  const field = page.getByLabel(/^Message to /);
  const listed = (where: string, who: string) =>
    page.locator(`[data-testid="${where}"] .guest[data-name="${who}"]`);
  const typing = page.getByTestId('typing');
  return {
    page,
    name,
    enter: async (room) => {
      await page.locator(`[data-room="${room}"]`).click();
      await page.getByRole('heading', { name: `# ${room}` }).waitFor();
    },
    say: async (text) => {
      await field.fill(text);
      await field.press('Enter');
    },
    write: (text) => field.pressSequentially(text),
    hears: (text) => page.getByRole('log').getByText(text, { exact: true }).waitFor(),
    sees: (where, who, status) =>
      listed(where, who)
        .and(page.locator(`[data-status="${status}"]`))
        .waitFor(),
    misses: (where, who) => listed(where, who).waitFor({ state: 'detached' }),
    seesTyping: (who) => typing.getByText(who).waitFor(),
    seesNobodyTyping: () => typing.locator('.presence-typing:empty').waitFor({ state: 'attached' }),
  };
};

/** Comes in by the door, in a browser of their own. */
export const comeIn = async (
  browser: Browser,
  url: string,
  name: string,
  contexts: Set<BrowserContext>,
): Promise<Guest> => {
  const context = await browser.newContext({ viewport: { width: 1200, height: 760 } });
  contexts.add(context);
  const page = await context.newPage();
  await page.goto(url);
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'Come in' }).click();
  await page.locator('[data-testid="connection"][data-connection="connected"]').waitFor();
  return guestOf(page, name);
};

/** The same person in one more window: it has what the first one keeps of its login. */
export const anotherWindow = async ({ page, name }: Guest): Promise<Guest> => {
  const kept = await page.evaluate(() => sessionStorage.getItem('porchlight'));
  const other = await page.context().newPage();
  await other.addInitScript((login) => sessionStorage.setItem('porchlight', login ?? ''), kept);
  await other.goto(page.url());
  await other.locator('[data-testid="connection"][data-connection="connected"]').waitFor();
  return guestOf(other, name);
};
