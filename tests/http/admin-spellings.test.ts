import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApps, type RunningApp } from './apps.ts';
import { call, type Call } from './call.ts';

/** A body that each write takes, by a word of its path. */
const GOOD_BODIES: Readonly<Record<string, object>> = {
  status: { status: 'dnd' },
  account: { account: 'banned' },
  retry: { webhook: 'crm' },
  drop: { webhook: 'crm' },
};

interface AdminRoute {
  readonly method: string;
  /** Below the mount, with a user in the place of the parameter. */
  readonly path: string;
}

let apps: readonly RunningApp[] = [];
let routes: readonly AdminRoute[] = [];

/** The admin routes, without the page's own files, as the server itself describes them, so that none is forgotten. */
const routesOf = async (app: RunningApp): Promise<readonly AdminRoute[]> => {
  const { text } = await call(app.url, { method: 'GET', path: '/presence/openapi.json' });
  const { paths } = JSON.parse(text) as { paths: Record<string, Record<string, unknown>> };
  return Object.entries(paths)
    .filter(([path]) => path.startsWith('/admin/') && !path.startsWith('/admin/assets/'))
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({
        method: method.toUpperCase(),
        path: path.replace('{userId}', 'ada'),
      })),
    );
};

beforeAll(async () => {
  apps = await startApps({
    admin: true,
    history: {},
    openapi: true,
    security: {
      limits: { perAddressPerMinute: 1e9, queriesPerMinute: 1e9 },
      authorize: ({ userId }, action) => !action.startsWith('admin:') || userId === 'root',
    },
  });
  routes = await routesOf(apps[0] as RunningApp);
  for (const app of apps) await app.presence.signIn('ada');
});
afterAll(() => Promise.all(apps.map((app) => app.close())));

const hex = (letter: string): string => `%${letter.charCodeAt(0).toString(16)}`;

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** Ways to write one part of a path. */
const PART_SPELLINGS: readonly ((part: string) => string)[] = [
  (part) => part.toUpperCase(),
  capital,
  (part) => hex(part.slice(0, 1)) + part.slice(1),
  (part) => hex(part.slice(0, 1)).toUpperCase() + part.slice(1),
  (part) => part.replaceAll(/./g, hex),
  (part) => `%25${hex(part.slice(0, 1)).slice(1)}${part.slice(1)}`,
  (part) => `/${part}`,
  (part) => `./${part}`,
  (part) => `%2e/${part}`,
  (part) => `x/../${part}`,
  (part) => `x/%2e%2e/${part}`,
  (part) => `x%2f..%2f${part}`,
  (part) => `..%2f${part}`,
  (part) => `\\${part}`,
  (part) => `${part};a=b`,
  (part) => `${part}%20`,
  (part) => `${part}.`,
];

const TAILS = ['', '/', '//', '/.', '/x/..', '%2f', '.json', ';.css', '?'];

/** What may also be refused before anybody asks who it is. */
const MALFORMED_TAILS = ['%00', '%0a', '?x=1', '?_method=GET'];

const spellingsOf = (path: string): readonly string[] => {
  const parts = path.slice(1).split('/');
  const changed = parts.flatMap((part, index) =>
    PART_SPELLINGS.map((spell) => `/${parts.with(index, spell(part)).join('/')}`),
  );
  const glued = parts.slice(1).map((_, index) => {
    const [before, after] = [parts.slice(0, index + 1), parts.slice(index + 1)];
    return `/${before.join('/')}%2f${after.join('/')}`;
  });
  return [...new Set([...changed, ...glued, ...TAILS.map((tail) => path + tail)])];
};

const OVERRIDES = ['x-http-method-override', 'x-http-method', 'x-method-override'];

const asking = (method: string, path: string, headers = {}, meant = path): Call => {
  const takesBody = method === 'PUT' || method === 'POST' || method === 'PATCH';
  const [, body = {}] = Object.entries(GOOD_BODIES).find(([word]) => meant.endsWith(word)) ?? [];
  return {
    method,
    path: `/presence${path}`,
    headers: { 'x-user': 'eve', 'content-type': 'application/json', ...headers },
    ...(takesBody && { body: JSON.stringify(body) }),
  };
};

/** Frameworks hand over another path here and there: a `Request` has `..` resolved, Express 4 takes a slash off below a mount. */
const isAsAsked = ({ name }: RunningApp, path: string): boolean => {
  if (name.startsWith('Express 4')) return !path.startsWith('/presence//');
  return name !== 'Hono' || new URL(`http://a${path}`).href === `http://a${path}`;
};

/** Asks every framework; none does or tells anything, and what all of them see alike they answer alike. */
const refused = async (asked: Call, allowed: readonly number[]): Promise<void> => {
  const statuses = await Promise.all(
    apps.map(async (app) => {
      const before = app.writes.count;
      const { status, text } = await call(app.url, asked);
      const line = `${app.name}: ${asked.method} ${asked.path}`;
      const isRead = isAsAsked(app, asked.path);
      expect([line, status]).toEqual([
        line,
        expect.toBeOneOf(isRead ? allowed : [...allowed, 400]),
      ]);
      expect([line, app.writes.count]).toEqual([line, before]);
      if (status === 204) expect([line, text]).toEqual([line, '']);
      return isRead ? status : null;
    }),
  );
  const alike = new Set(statuses.filter((status) => status !== null));
  expect([asked.method, asked.path, [...alike]]).toEqual([
    asked.method,
    asked.path,
    [...alike].slice(0, 1),
  ]);
};

describe('whoever is no admin', () => {
  it('finds that the admin is one, on every route', async () => {
    expect(routes.length).toBeGreaterThanOrEqual(18);
    for (const { method, path } of routes.filter(({ path }) => path !== '/admin/stream')) {
      for (const app of apps) {
        const { status } = await call(app.url, asking(method, path, { 'x-user': 'root' }));
        expect([method, path, status]).not.toEqual([method, path, 403]);
        expect([app.name, method, path, status < 500]).toEqual([app.name, method, path, true]);
      }
    }
  });

  it('is refused by every route in every spelling', async () => {
    for (const { method, path } of routes) {
      // 405: `ada%2fstatus` is a user, whom that verb does nothing to.
      for (const spelling of spellingsOf(path)) {
        await refused(asking(method, spelling, {}, path), [403, 404, 405]);
      }
      for (const tail of MALFORMED_TAILS) {
        await refused(asking(method, path + tail, {}, path), [400, 403, 404]);
      }
    }
  });

  it('is refused whatever the verb is, and whichever they say is meant', async () => {
    for (const { method, path } of routes) {
      await refused(asking('HEAD', path), [403, 405]);
      // A preflight comes without a login. It is told which methods there are, as the documentation tells.
      await refused(asking('OPTIONS', path), [204]);
      await refused(asking('PATCH', path), [405]);
      for (const header of OVERRIDES) {
        await refused(asking('GET', path, { [header]: method }), [403, 405]);
        await refused(asking('POST', path, { [header]: method }), [403, 405]);
      }
    }
  });

  it('is nobody without a login, and no other by a header', async () => {
    for (const { method, path } of routes) {
      const { headers: _, ...bare } = asking(method, path);
      await refused({ ...bare, headers: { 'content-type': 'application/json' } }, [401]);
      for (const name of [
        'x-original-url',
        'x-rewrite-url',
        'x-forwarded-user',
        'x-forwarded-prefix',
      ]) {
        await refused(asking(method, path, { [name]: '/presence/me' }), [403]);
      }
    }
  });
});
