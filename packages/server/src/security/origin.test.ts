import { describe, expect, it } from 'vitest';
import { checkOrigin } from './origin.ts';

const request = (headers: Readonly<Record<string, string>>, method = 'POST') => ({
  method,
  header: (name: string) => headers[name],
});

const cookie = 'login=1';
const host = 'app.example';
const LISTED = new Set(['https://app.example', 'https://www.example']);

const isRefused = (
  headers: Readonly<Record<string, string>>,
  origins: ReadonlySet<string> | null = null,
  method?: string,
): boolean => {
  try {
    checkOrigin(request(headers, method), origins);
    return false;
  } catch (error) {
    expect(error).toMatchObject({ code: 'origin_refused' });
    return true;
  }
};

describe('a write with cookies, without a list of origins', () => {
  it.each([
    ['same-origin', false],
    ['none', false],
    ['same-site', true],
    ['cross-site', true],
    ['', true],
  ])('sec-fetch-site %s: refused %s', (site, refused) => {
    expect(isRefused({ cookie, host, 'sec-fetch-site': site })).toBe(refused);
    // What the browser says of itself weighs more than an origin that merely looks right.
    expect(isRefused({ cookie, host, 'sec-fetch-site': site, origin: 'https://app.example' })).toBe(
      refused,
    );
  });

  it.each([
    ['https://app.example', false],
    ['http://app.example', false],
    ['https://APP.example', false],
    ['https://app.example:8443', true],
    ['https://app.example.evil.example', true],
    ['https://evil.example', true],
    ['null', true],
    ['app.example', true],
    ['', true],
  ])('origin %s: refused %s', (origin, refused) => {
    expect(isRefused({ cookie, host, origin })).toBe(refused);
  });

  it('is refused when nothing says where it comes from', () => {
    expect(isRefused({ cookie, host })).toBe(true);
    expect(isRefused({ cookie, origin: 'https://app.example' })).toBe(true);
  });
});

describe('a write with cookies, with a list of origins', () => {
  it.each([
    ['https://www.example', false],
    ['https://app.example', false],
    ['http://app.example', true],
    ['https://app.example:443', true],
    ['https://evil.example', true],
    ['null', true],
  ])('origin %s: refused %s', (origin, refused) => {
    expect(isRefused({ cookie, host, origin }, LISTED)).toBe(refused);
  });

  it('is refused without an origin, whatever else it says', () => {
    expect(isRefused({ cookie, host, 'sec-fetch-site': 'same-origin' }, LISTED)).toBe(true);
  });
});

describe('what no foreign page can send, or learn from', () => {
  it('requests without cookies and reads are not restricted', () => {
    const foreign = { host, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    for (const origins of [null, LISTED]) {
      expect(isRefused({ ...foreign, authorization: 'Bearer x' }, origins)).toBe(false);
      expect(isRefused({ ...foreign, cookie }, origins, 'GET')).toBe(false);
      expect(isRefused({ ...foreign, cookie }, origins, 'HEAD')).toBe(false);
      for (const method of ['PUT', 'DELETE', 'PATCH', 'get']) {
        expect(isRefused({ ...foreign, cookie }, origins, method)).toBe(true);
      }
    }
  });
});
