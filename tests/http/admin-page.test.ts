import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApps, type RunningApp } from './apps.ts';

describe('the dashboard’s page', () => {
  let apps: readonly RunningApp[] = [];

  beforeAll(async () => {
    apps = await startApps({ admin: true, security: { authorize: () => true } });
  });
  afterAll(async () => {
    await Promise.all(apps.map((app) => app.close()));
  });

  const get = async (app: RunningApp, path: string) => {
    const response = await fetch(`${app.url}/presence${path}`, { redirect: 'manual' });
    const { status, headers } = response;
    return {
      status,
      type: headers.get('content-type'),
      caching: headers.get('cache-control'),
      policy: headers.get('content-security-policy'),
      location: headers.get('location'),
      body: await response.text(),
    };
  };

  it('is the same, byte for byte, whatever framework serves it', async () => {
    const [first, ...others] = apps as [RunningApp, ...RunningApp[]];
    const html = await get(first, '/admin');
    expect(html).toMatchObject({ status: 200, type: 'text/html; charset=utf-8' });
    const files = [...html.body.matchAll(/(?:src|href)="(admin\/assets\/[^"]+)"/g)];
    expect(files).toHaveLength(2);
    for (const path of ['/admin', '/admin/', ...files.map(([, file]) => `/${file}`)]) {
      const expected = await get(first, path);
      for (const app of others) expect(await get(app, path), app.name).toEqual(expected);
    }
  });

  it('is found from the slash behind it, below the mount', async () => {
    for (const app of apps) {
      const { url, status } = await fetch(`${app.url}/presence/admin/`);
      expect([url, status], app.name).toEqual([`${app.url}/presence/admin`, 200]);
    }
  });
});
