import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

const script = fileURLToPath(new URL('./server.ts', import.meta.url));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'presence-quickstart-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const envOf = (port: number) => ({
  ...process.env,
  PORT: String(port),
  COLLEAGUES: 'off',
  NODE_ENV: undefined,
  // A file of the tests' own: the one of the demo is for whoever tries it.
  PRESENCE_DATABASE_URL: `sqlite:${join(folder, 'presence.db')}`,
});

const start = async (port = 0) => {
  const child = spawn(process.execPath, ['--conditions=@presence/source', script], {
    env: envOf(port),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  let printed = '';
  for await (const chunk of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    printed += String(chunk);
    const [url] = /http:\/\/localhost:\d+/.exec(printed) ?? [];
    if (url && printed.includes('Store')) {
      return { url: url.replace('localhost', '127.0.0.1'), child, exited, printed };
    }
  }
  throw new Error(`The server printed no address: ${printed}`);
};

const signIn = async (url: string, userId: string): Promise<Record<string, string>> => {
  const response = await fetch(`${url}/api/sign-in`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ userId }),
  });
  expect(response.status).toBe(200);
  const { token } = (await response.json()) as { token: string };
  return { Authorization: `Bearer ${token}` };
};

test('the page, its files, the login, and a restart that keeps it', async () => {
  const { url, child, exited, printed } = await start();
  expect(printed).toMatch(/Store +the file .*presence\.db/);

  const page = await fetch(`${url}/as/ada`);
  const html = await page.text();
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  expect(html).not.toMatch(/<script(?![^>]*src=)|<style| style=| on\w+=/);
  const files = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, file]) => file);
  expect(files.map((file) => file?.split('.').at(-1) ?? '').sort()).toEqual(['css', 'js', 'svg']);
  for (const file of files) {
    const response = await fetch(url + file);
    expect(response.status, file).toBe(200);
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect((await response.text()).length).toBeGreaterThan(100);
  }
  expect((await fetch(`${url}/assets/none.js`)).status).toBe(404);
  expect((await fetch(`${url}/api/none`)).status).toBe(404);

  const nobody = { method: 'POST', headers: { 'Content-Type': 'application/json' } };
  const unknown = await fetch(`${url}/api/sign-in`, { ...nobody, body: '{"userId":"kai"}' });
  expect(unknown.status, 'nobody signs in as a simulated colleague').toBe(404);
  const broken = await fetch(`${url}/api/sign-in`, { ...nobody, body: '{' });
  expect([broken.status, await broken.text()]).toEqual([400, '{"error":"That did not work."}']);
  expect((await fetch(`${url}/api/explain/ada`)).status).toBe(401);
  expect((await fetch(`${url}/presence/me`)).status).toBe(401);

  const ada = await signIn(url, 'ada');
  const why = await fetch(`${url}/api/explain/ada`, { headers: ada });
  expect(await why.json()).toMatchObject({ userId: 'ada', sentences: ['Offline: never seen.'] });
  expect((await fetch(`${url}/api/explain/mallory`, { headers: ada })).status).toBe(404);
  expect((await fetch(`${url}/presence/ticket`, { method: 'POST', headers: ada })).status).toBe(
    200,
  );

  const json = { ...ada, 'Content-Type': 'application/json' };
  const busy = JSON.stringify({ status: 'busy', message: 'Writing' });
  await fetch(`${url}/presence/me/status`, { method: 'PUT', headers: json, body: busy });
  await fetch(`${url}/presence/heartbeat`, { method: 'POST', headers: json, body: '{}' });
  const grace = await signIn(url, 'grace');
  const graceJson = { ...grace, 'Content-Type': 'application/json' };
  const beat = await fetch(`${url}/presence/heartbeat`, {
    method: 'POST',
    headers: graceJson,
    body: '{}',
  });
  const { sessionId } = (await beat.json()) as { sessionId: string };
  const leave = JSON.stringify({ sessionId, reason: 'signed-out' });
  await fetch(`${url}/presence/leave`, { method: 'POST', headers: graceJson, body: leave });
  const seen = async (at: string) =>
    (await (await fetch(`${at}/presence/users/grace`, { headers: ada })).json()) as {
      lastSeenAt: number | null;
    };
  const { lastSeenAt } = await seen(url);
  expect(lastSeenAt).toBeGreaterThan(0);

  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  const again = await start();
  const me = await fetch(`${again.url}/presence/me`, { headers: ada });
  expect(await me.json()).toMatchObject({ presence: { status: 'busy', message: 'Writing' } });
  expect(await seen(again.url)).toMatchObject({ status: 'offline', lastSeenAt });
  await fetch(`${again.url}/api/sign-out`, { method: 'POST', headers: ada });
  expect((await fetch(`${again.url}/presence/me`, { headers: ada })).status).toBe(401);
}, 60_000);

test('a store that cannot be had is named, without its login, and what there is instead', async () => {
  for (const [url, said] of [
    ['mongodb://h', 'must begin with one of memory:, sqlite:, postgres:'],
    ['postgres://ada:geheim@127.0.0.1:1/db', 'ECONNREFUSED'],
  ]) {
    const child = spawn(process.execPath, ['--conditions=@presence/source', script, url!], {
      env: envOf(0),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let printed = '';
    child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(printed).toContain(said);
    expect(printed).not.toContain('geheim');
  }
}, 60_000);
