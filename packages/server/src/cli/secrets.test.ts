import { expect, it } from 'vitest';
import { addressOf, hideSecrets } from './secrets.ts';

const URL = 'postgres://ada:ge%40heim@db.example:5432/app?sslkey=%2Fetc%2Fkey';

it.each([
  ['the URL as it was given', `cannot parse ${URL}`],
  ['the password alone', 'password ge%40heim refused'],
  ['the password as it is meant', 'no user ada with ge@heim'],
  ['the URL of somebody else', 'redirected to redis://:ge%40heim@other:1'],
])('of %s nothing is left', (_case, text) => {
  const shown = hideSecrets(text, URL);
  expect(shown).not.toMatch(/heim/);
  expect(shown).toContain('***');
});

it('a text without a login stays as it is', () => {
  const text = 'connect ECONNREFUSED 127.0.0.1:1, mail ada@example.org, http://a/b:c@d';
  expect(hideSecrets(text, 'sqlite:app.db')).toBe(text);
  expect(hideSecrets(text, undefined)).toBe(text);
});

it('the address for people has neither login nor parameters', () => {
  expect(addressOf(URL)).toBe('postgres://db.example:5432/app');
});
