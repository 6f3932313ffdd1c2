import { expect, test } from 'vitest';
import { createLogins } from './logins.ts';

interface Who {
  readonly userId: string;
}

const HOUR = 60 * 60 * 1000;

test('a token names its user, also after a restart with the same key', () => {
  const token = createLogins<Who>('key', () => 1000).issue({ userId: 'ada' });
  expect(createLogins('key', () => 2000).read(token)).toEqual({
    userId: 'ada',
    issuedAt: 1000,
    expiresAt: 1000 + 12 * HOUR,
  });
});

test('altered, foreign, expired and ended tokens name nobody', () => {
  let now = 0;
  const logins = createLogins<Who>('key', () => now);
  const token = logins.issue({ userId: 'ada' });
  const [payload = '', signature = ''] = token.split('.');
  const forged = Buffer.from(
    JSON.stringify({ userId: 'noah', issuedAt: 0, expiresAt: 9e15 }),
  ).toString('base64url');
  expect(logins.read(`${forged}.${signature}`)).toBeNull();
  expect(logins.read(`${payload}.`)).toBeNull();
  expect(logins.read('')).toBeNull();
  expect(createLogins('another key', () => now).read(token)).toBeNull();

  const other = logins.issue({ userId: 'noah' });
  logins.end(token);
  expect(logins.read(token)).toBeNull();
  expect(logins.read(other)?.userId).toBe('noah');
  now = 12 * HOUR;
  expect(logins.read(other)).toBeNull();
});
