import { expect, test } from 'vitest';
import { hashPassword, isPassword } from './passwords.ts';

test('a password is told from others, and equal ones have nothing in common', async () => {
  const [first, second] = await Promise.all([hashPassword('juniper'), hashPassword('juniper')]);
  expect(first).not.toBe(second);
  expect(await isPassword('juniper', first)).toBe(true);
  expect(await isPassword('Juniper', first)).toBe(false);
  expect(await isPassword('', second)).toBe(false);
});
