import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { findProgram } from '../../tests/services/executable.ts';
import { freePort } from '../../tests/services/free-port.ts';
import { findRedis } from './find-redis.ts';

test('an address where nothing answers is named as what is wrong, without what stands in it', async () => {
  const asked = findRedis({ REDIS_URL: 'redis://somebody:secret@127.0.0.1:1' });
  await expect(asked).rejects.toThrow(
    'REDIS_URL is set, but no Redis answers there. Correct or unset it.',
  );
});

test('the example ends with that sentence, and no stack', async () => {
  const program = fileURLToPath(new URL('./cluster.ts', import.meta.url));
  const output = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      ['--conditions=@presence/source', '--no-warnings', program],
      { env: { ...process.env, REDIS_URL: 'redis://127.0.0.1:1' } },
      (error, stdout, stderr) => resolve(`${String(error?.code)} ${stdout}${stderr}`),
    );
  });
  expect(output).toMatch(/^1 /);
  expect(output).toContain('×  REDIS_URL is set, but no Redis answers there.');
  expect(output).not.toContain('    at ');
});

describe('a machine without a Redis that runs', () => {
  const empty = mkdtempSync(join(tmpdir(), 'presence-find-redis-'));
  afterAll(() => rmSync(empty, { recursive: true, force: true }));

  const nobody = async () => ({ here: `redis://127.0.0.1:${await freePort()}`, folders: [] });
  const program = findProgram(['redis-server']);

  const isAnswering = async (url: string): Promise<boolean> => {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
    client.on('error', () => undefined);
    const answer = await client.connect().then(
      () => client.ping(),
      () => null,
    );
    client.disconnect();
    return answer === 'PONG';
  };

  test.skipIf(!program)('has one of the example’s own, empty, and gone with it', async () => {
    const found = await findRedis({ PATH: dirname(program!) }, await nobody());
    expect(found).toMatchObject({ isOwn: true, version: expect.stringMatching(/^\d+\./) });
    expect(found.url).toBe(`redis://${found.address}`);
    expect(found.address).not.toContain(':6379');
    expect(await isAnswering(found.url)).toBe(true);
    found.stop();
    await vi.waitFor(async () => expect(await isAnswering(found.url)).toBe(false), 10_000);
  });

  test('and without the program is told what to install', async () => {
    const asked = findRedis({ PATH: empty }, await nobody());
    await expect(asked).rejects.toThrow(
      /^This example needs Redis 7, and found none: nothing answers on 127\.0\.0\.1:\d+, and there is no redis-server in PATH\.\nInstall it \(Debian and Ubuntu: apt install redis-server; macOS: brew install redis\), or set REDIS_URL to a running one\.$/,
    );
  });

  test('with a program that does not start is told which, and how it ended', async () => {
    const broken = join(empty, 'redis-server');
    writeFileSync(broken, '#!/bin/sh\nexit 3\n');
    chmodSync(broken, 0o755);
    const asked = findRedis({ PATH: empty }, await nobody());
    await expect(asked).rejects.toThrow(`${broken} did not start: it ended with 3.`);
    rmSync(broken);
  });
});
