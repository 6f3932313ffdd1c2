import type { AdminConfigAnswer } from '@presence/core/protocol';
import { describe, expect, it } from 'vitest';
import { createAskedNode } from '../testing/asked-node.ts';
import type { Authorize, Presence, Principal } from '../types.ts';

const authorize: Authorize = ({ roles }, action) =>
  action === 'admin:users:read' ? roles?.includes('reader') === true : action === 'admin:reap';

/** Its answers are no JSON, so it is asked beside `ask`. */
const get = async (presence: Presence<Principal | null>, path: string, method = 'GET') =>
  presence.handle({
    method,
    path,
    query: '',
    header: () => undefined,
    body: null,
    address: '192.0.2.1',
    raw: null,
  });

const createPageNode = () => createAskedNode({ admin: true, security: { authorize } });

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: https:; base-uri 'none'; frame-ancestors 'none'; form-action 'none'";

describe('the dashboard’s page', () => {
  it('is not there unless asked for', async () => {
    const { presence } = createAskedNode();
    for (const path of ['/admin', '/admin/', '/admin/assets/main-X.js', '/admin/config']) {
      expect((await get(presence, path)).status, path).toBe(404);
    }
  });

  it('needs no login, says nothing of anybody, and has no inline code or style', async () => {
    const { presence } = createPageNode();
    await presence.signIn('somebody-secret');
    const { status, headers, body } = await get(presence, '/admin');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'content-security-policy': POLICY,
    });
    expect(body).not.toMatch(/<script(?![^>]*src=)|<style| style=| on\w+=|secret/);
  });

  it('has files whose names hold what they are, to be kept for ever', async () => {
    const { presence } = createPageNode();
    const { body } = await get(presence, '/admin');
    const links = [...(body ?? '').matchAll(/(?:src|href)="(admin\/assets\/[^"]+)"/g)];
    expect(links.map(([, link]) => link?.replace(/-[A-Z0-9]{8}\./, '-#.'))).toEqual([
      'admin/assets/main-#.css',
      'admin/assets/main-#.js',
    ]);
    for (const [, link] of links) {
      const answer = await get(presence, `/${link}`);
      expect(answer.status).toBe(200);
      expect(answer.headers).toMatchObject({
        'content-type': expect.stringMatching(/^text\/(css|javascript); charset=utf-8$/) as string,
        'cache-control': 'public, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
      });
      expect(answer.body?.length).toBeGreaterThan(1000);
    }
  });

  it.each(['none.js', 'constructor', '__proto__', '..%2f..%2fpage-files.ts', 'main.js.map'])(
    'has no other file: %s',
    async (name) => {
      const { presence } = createPageNode();
      expect((await get(presence, `/admin/assets/${name}`)).status).toBe(404);
    },
  );

  it('sends whoever asks with a slash to where its links are true', async () => {
    const { status, headers } = await get(createPageNode().presence, '/admin/');
    expect([status, headers['location']]).toEqual([308, '../admin']);
  });
});

describe('GET /admin/config', () => {
  const ask = async (as: Principal | null, options = {}) => {
    const node = createAskedNode({ admin: true, security: { authorize }, ...options });
    const { status, json } = await node.ask('GET /admin/config', { as });
    return { status, json: json as AdminConfigAnswer };
  };
  const reader = { userId: 'rita', roles: ['reader'] };

  it('tells an admin who they are and what they may do', async () => {
    const { json } = await ask({ ...reader, tenant: 'acme' });
    expect(json.viewer).toEqual({ userId: 'rita', tenant: 'acme' });
    expect(Object.entries(json.may).filter(([, may]) => may)).toEqual([
      ['admin:users:read', true],
      ['admin:reap', true],
    ]);
    expect([json.directory, json.durability]).toEqual([null, 'volatile']);
  });

  it('tells what the directory declares', async () => {
    const directory = {
      filters: ['search'],
      sorts: ['name'],
      list: async () => ({ users: [], next: null }),
      get: async () => [],
    };
    const { json } = await ask(reader, { sources: { directory } });
    expect(json.directory).toEqual({ filters: ['search'], sorts: ['name'] });
  });

  it('is refused to everybody else', async () => {
    expect((await ask({ userId: 'eve' })).status).toBe(403);
    expect((await ask(null)).status).toBe(401);
  });
});
