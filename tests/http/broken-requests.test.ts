import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApps, type RunningApp } from './apps.ts';
import { call } from './call.ts';

let apps: readonly RunningApp[] = [];

beforeAll(async () => {
  apps = await startApps();
});
afterAll(() => Promise.all(apps.map((app) => app.close())));

const HEAD = 'POST /presence/heartbeat HTTP/1.1\r\nhost: a\r\nx-user: ada\r\n';
const JSON_HEAD = `${HEAD}content-type: application/json\r\n`;

/** Sends these bytes, ends the sending side, and gives what came back. */
const sent = (url: string, text: string): Promise<string> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    let seen = '';
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true }, () =>
      socket.end(text, 'latin1'),
    );
    socket.on('data', (chunk) => (seen += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(seen));
  });

const BROKEN: readonly (readonly [string, string])[] = [
  ['a body that ends early', `${JSON_HEAD}content-length: 100\r\n\r\n{"device":"web"}`],
  ['a chunked body that ends early', `${JSON_HEAD}transfer-encoding: chunked\r\n\r\n5\r\n{"dev`],
  ['two lengths', `${JSON_HEAD}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`],
  [
    'a length and chunks',
    `${JSON_HEAD}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  ],
  ['a length that is no number', `${JSON_HEAD}content-length: 0x10\r\n\r\n{}`],
  ['a negative length', `${JSON_HEAD}content-length: -1\r\n\r\n{}`],
  ['a huge length', `${JSON_HEAD}content-length: 99999999999999999999\r\n\r\n{}`],
  ['a length beyond the limit, with little sent', `${JSON_HEAD}content-length: 9000\r\n\r\n{}`],
  ['a header with a line break inside', `${HEAD}content-type: a\rb\r\ncontent-length: 2\r\n\r\n{}`],
];

it.each(BROKEN)('S12: %s writes nothing and harms nobody', async (_what, text) => {
  for (const app of apps) {
    const before = app.writes.count;
    const answered = await sent(app.url, text);
    expect([app.name, answered]).not.toEqual([app.name, expect.stringMatching(/^HTTP\/1\.1 [25]/)]);
    expect([app.name, app.writes.count]).toEqual([app.name, before]);
    const headers = { 'x-user': 'ben' };
    const next = await call(app.url, { method: 'GET', path: '/presence/me', headers });
    expect([app.name, next.status]).toEqual([app.name, 200]);
  }
});

it('a length that is too short leaves a rest, which is no request', async () => {
  for (const app of apps) {
    const answered = await sent(app.url, `${JSON_HEAD}content-length: 2\r\n\r\n{}{"device":"web"}`);
    const statuses = [...answered.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
    expect([app.name, statuses.at(-1)]).toEqual([app.name, '400']);
    expect(statuses.length).toBeLessThanOrEqual(2);
  }
});
