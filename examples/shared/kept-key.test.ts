import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keptKey } from './kept-key.ts';

test('the key is made once, and for its owner only', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kept-key-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'deep', 'login-key');
  const key = keptKey(file);
  expect(key.length).toBeGreaterThanOrEqual(43);
  expect(keptKey(file)).toBe(key);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});
