import { PresenceError } from '@presence/core';
import { openRoute } from '../../http/route.ts';
import type { HttpAnswer } from '../../http/types.ts';
import { pageFiles } from '../page-files.ts';

/** Own files alone: no inline script or style, nothing from elsewhere but pictures of users. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: https:",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'none'",
].join('; ');

const COMMON = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

/** A hash of the content stands in each name, so what is behind a name never changes. */
const FOR_EVER = 'public, max-age=31536000, immutable';

const common = { method: 'GET', login: 'by-the-route', limit: 'address', body: null } as const;

/** The links of the page are relative to where it stands, so it may stand in one place only. */
const moved = (): HttpAnswer => ({
  status: 308,
  headers: { ...COMMON, location: '../admin' },
  body: null,
});

/** The page itself says nothing of anybody: it asks the admin routes, as whoever is signed in. */
const html = openRoute({
  ...common,
  path: '/admin',
  run: async ({ request }) => {
    if (request.path.endsWith('/')) return moved();
    const { html: body } = await pageFiles();
    // Not `no-store`: the browser's page cache would not keep it for the way back.
    const headers = {
      ...COMMON,
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
    };
    return { status: 200, headers, body };
  },
});

const NAME = /^\/admin\/assets\/([\w-]+\.(js|css))$/;

const asset = openRoute({
  ...common,
  path: '/admin/assets/:name',
  run: async ({ request }) => {
    const [, name = '', ending = ''] = NAME.exec(request.path) ?? [];
    const { assets } = await pageFiles();
    const body = Object.hasOwn(assets, name) ? assets[name] : undefined;
    if (body === undefined) {
      throw new PresenceError('not_found', 'The page has no such file. Reload it.');
    }
    const headers = {
      ...COMMON,
      'content-type': TYPES[ending] as string,
      'cache-control': FOR_EVER,
    };
    return { status: 200, headers, body };
  },
});

/** The dashboard: a page and its files. */
export const page = [html, asset];
