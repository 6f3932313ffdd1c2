import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
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
