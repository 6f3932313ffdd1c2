// The programs of the documents for clients that are no pages, against the server of the README.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../services/free-port.ts';
import { allBlocks, type Block } from './blocks.ts';
import { answering, createFolder, runProgram, type Running } from './programs.ts';

const { empty, write } = createFolder('.generated-platforms');
const blocks = allBlocks();
const only = (kind: string): Block => {
  const [block, ...more] = blocks.filter((each) => each.kind === kind);
  if (!block || (more.length > 0 && kind !== 'express')) throw new Error(`Not one ${kind}.`);
  return block;
};

let server: Running;
let base: string;

beforeAll(async () => {
  empty();
  const port = await freePort();
  base = `http://127.0.0.1:${port}/presence`;
  server = runProgram(write(only('express'), 'ts'), { PORT: String(port) });
  await answering(`${base}/heartbeat`, server);
});
afterAll(() => server.stop());

const presenceOf = async (userId: string): Promise<{ status: string; message?: string }> => {
  const response = await fetch(`${base}/users/${userId}`, { headers: { 'x-user': 'ada' } });
  return (await response.json()) as { status: string };
};

const becomes = async (userId: string, status: string, program: Running): Promise<void> => {
  while ((await presenceOf(userId)).status !== status) {
    if (program.child.exitCode !== null) throw new Error(`It ended:\n${program.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

describe('programs in the documents that are no pages', () => {
  it('a bot is present while it runs, and says goodbye', async () => {
    const bot = runProgram(write(only('bot'), 'ts'), { PRESENCE_URL: base });
    await becomes('deploy-bot', 'busy', bot);
    expect((await presenceOf('deploy-bot')).message).toBe('Deploying');
    bot.child.kill('SIGTERM');
    expect(await bot.ended, bot.output()).toBe(0);
  });

  it('a React Native app', async () => {
    const inApp = (code: string): string =>
      code
        .replace("'https://app.example/presence'", JSON.stringify(base))
        .replace('authorization: `Bearer ${token}`', "'x-user': 'phone-user'");
    const app = runProgram(write(only('react-native'), 'ts', inApp));
    await becomes('phone-user', 'online', app);
    await app.stop();
  });

  it('an Electron app: the main process, the bridge and the page', async () => {
    const [main, preload] = [only('electron-main'), only('electron-preload')].map((block) =>
      JSON.stringify(`file://${write(block, 'ts')}`),
    );
    const inWindow = (code: string): string => `
const platformFetch = globalThis.fetch;
globalThis.fetch = (url, init) => platformFetch(url, { ...init, headers: { 'content-type': 'application/json', 'x-user': 'desk-user' } });
Object.assign(globalThis, { window: globalThis });
await import(${main});
await import(${preload});
${code.replace("url: '/presence'", `url: ${JSON.stringify(base)}`)}`;
    const page = runProgram(write(only('electron-page'), 'ts', inWindow));
    await becomes('desk-user', 'online', page);
    await page.stop();
  });
});
