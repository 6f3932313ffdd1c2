import type { Browser, BrowserContext } from 'playwright-core';
import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, missingChromium } from '../services/launch-chromium.ts';
import { anotherWindow, comeIn, startChat, type Guest } from './chat.ts';
import type { Example } from './example.ts';

/** A login of the chat, for requests beside the browser. */
const join = async (url: string): Promise<string> => {
  const response = await fetch(`${url}/api/join`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Nobody who is there' }),
  });
  return ((await response.json()) as { token: string }).token;
};

const online = async (url: string, token: string): Promise<number> => {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/presence/online/count`, { headers });
  return ((await response.json()) as { count: number }).count;
};

/* The check-list of a chat on Socket.IO: everything that one is asked for, through the example and in Chromium. */

describe.skipIf(missingChromium())('the chat', () => {
  let chat: Example;
  let browser: Browser;
  const contexts = new Set<BrowserContext>();

  beforeAll(async () => {
    [chat, browser] = await Promise.all([
      startChat({
        pingMs: 1000,
        pongTimeoutMs: 1000,
        typingMs: 3000,
        nodeLeaseMs: 6000,
        nodeRenewMs: 1000,
        grace: { lostMs: 1500, closedMs: 500, drainMs: 2000 },
      }),
      launchChromium(),
    ]);
  });
  afterEach(async () => {
    await Promise.all([...contexts].map((context) => context.close()));
    contexts.clear();
    const token = await join(chat.url);
    await expect.poll(() => online(chat.url, token), { timeout: 20_000 }).toBe(0);
  });
  afterAll(async () => {
    await browser?.close();
    await chat?.stop();
  });

  const guest = (name: string): Promise<Guest> => comeIn(browser, chat.url, name, contexts);

  it('a socket without a token that the chat has signed is refused', async () => {
    for (const token of [undefined, '', 'forged.token']) {
      const socket = io(chat.url, { auth: { token }, reconnection: false, forceNew: true });
      const error = await new Promise<Error>((resolve) => socket.on('connect_error', resolve));
      expect(error.message).toBe('Come in with a name first.');
      socket.close();
    }
  });

  it('rooms: who has one open is in it, for everybody in it, and leaves it for another', async () => {
    const [ada, grace] = await Promise.all([guest('Ada'), guest('Grace')]);
    await ada.sees('in-room', 'Grace', 'online');
    await grace.sees('in-room', 'Ada', 'online');
    await grace.enter('kitchen');
    await ada.misses('in-room', 'Grace');
    await ada.sees('in-house', 'Grace', 'online');
    await ada.enter('kitchen');
    await grace.sees('in-room', 'Ada', 'online');
  });

  it('a status that somebody sets shows at everybody else, and who goes is offline', async () => {
    const [ada, grace] = await Promise.all([guest('Ada'), guest('Grace')]);
    await ada.sees('in-room', 'Grace', 'online');
    await grace.page.getByTestId('my-status').getByRole('button').first().click();
    await grace.page.getByRole('radio', { name: 'Busy' }).check({ force: true });
    await grace.page.getByRole('button', { name: 'Save' }).click();
    await ada.sees('in-room', 'Grace', 'busy');
    await grace.page.context().close();
    await ada.misses('in-room', 'Grace');
    await ada.misses('in-house', 'Grace');
  });

  it('typing shows while somebody writes, and ends with the message', async () => {
    const [ada, grace] = await Promise.all([guest('Ada'), guest('Grace')]);
    await ada.sees('in-room', 'Grace', 'online');
    await grace.write('Hello A');
    await ada.seesTyping('Grace');
    await grace.say('Hello Ada');
    await ada.hears('Hello Ada');
    await ada.seesNobodyTyping();
  });

  it('typing is over for whoever comes in after the message', async () => {
    const ada = await guest('Ada');
    await ada.say('Is somebody here?');
    await ada.hears('Is somebody here?');
    const grace = await guest('Grace');
    await grace.sees('in-room', 'Ada', 'online');
    await grace.seesNobodyTyping();
    expect(await grace.page.getByTestId('typing').textContent()).toBe('');
  });

  it('typing stops when the network of who types dies', async () => {
    const [ada, grace] = await Promise.all([guest('Ada'), guest('Grace')]);
    await ada.sees('in-room', 'Grace', 'online');
    await grace.write('Hello A');
    await ada.seesTyping('Grace');
    await grace.page.context().setOffline(true);
    await ada.seesNobodyTyping();
    await ada.misses('in-house', 'Grace');
  });

  it('several windows of one person are one person, until the last is closed', async () => {
    const [ada, grace] = await Promise.all([guest('Ada'), guest('Grace')]);
    await ada.sees('in-room', 'Grace', 'online');
    const again = await anotherWindow(grace);
    await again.sees('in-room', 'Ada', 'online');
    expect(await ada.page.locator('.guest[data-name="Grace"]').count()).toBe(1);
    await grace.page.close();
    await again.say('Still here');
    await ada.hears('Still here');
    await ada.sees('in-room', 'Grace', 'online');
    await again.page.close();
    await ada.misses('in-room', 'Grace');
  });

  it('what was said is there after a kill, and nobody is left behind who is not', async () => {
    const [ada, grace, linus] = await Promise.all([guest('Ada'), guest('Grace'), guest('Linus')]);
    await ada.sees('in-room', 'Linus', 'online');
    await ada.enter('garden');
    await ada.say('The tomatoes are in');
    await ada.hears('The tomatoes are in');
    await chat.kill();
    // While the server is gone somebody leaves: nobody could tell the others.
    await linus.page.context().close();
    await chat.start();
    await grace.enter('garden');
    await grace.hears('The tomatoes are in');
    await grace.sees('in-room', 'Ada', 'online');
    await grace.misses('in-house', 'Linus');
  });
});
