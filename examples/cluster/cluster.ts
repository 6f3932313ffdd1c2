// Three nodes behind a proxy, with Redis between them, and people on it. What you would copy is node.ts.
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@presence/example-shared/clock.ts';
import { listenFrom } from '@presence/example-shared/listen.ts';
import { bundle, servePage } from '@presence/example-shared/page.ts';
import express, { type RequestHandler } from 'express';
import { createControl } from './control.ts';
import { findRedis } from './find-redis.ts';
import { greeting } from './greeting.ts';
import { simulatedPeople, startCrowd } from './people.ts';
import type { Forwarded } from './proxy.ts';

console.log('\n  ○  Starting Redis, three nodes, and the page …');

const redis = await findRedis(process.env).catch((error: Error) => {
  console.error(`\n  ×  ${error.message}\n`);
  process.exit(1);
});

const people = simulatedPeople(Number(process.env.CLUSTER_PEOPLE ?? 36));
const control = createControl({ clock: systemClock, redis, people, env: process.env });
const { fleet, proxy, live } = control;

/** `/as/ada/presence/ticket`: the address says who it is. A demo of a login; put yours here. */
const forwarded = (url = ''): Forwarded | null => {
  const [, userId, path] = /^\/as\/([^/]+)(\/presence\/.*)$/.exec(url) ?? [];
  return userId && path && control.isSomebody(userId) ? { userId, path } : null;
};

/** Another site's page can send a form here, but never this header. */
const fromOurPage: RequestHandler = (request, response, next) => {
  if (request.get('x-cluster') === 'page') return next();
  response.status(403).json({ error: 'Only the page of this example may do that.' });
};

const ACTIONS = ['start', 'kill', 'drain'] as const;

const isAction = (name: string | undefined): name is (typeof ACTIONS)[number] =>
  ACTIONS.some((action) => action === name);

const app = express().disable('x-powered-by');
// oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 passes rejections on
app.use(async (request, response, next) => {
  const to = forwarded(request.originalUrl);
  if (to) await proxy.request(request, response, to);
  else next();
});
app.get('/cluster/live', (request, response) => live.open(request, response));
app.post('/cluster/deploy', fromOurPage, (_request, response) => {
  if (!fleet.isDeploying()) control.say('A new version is deployed', 'One node after the other.');
  fleet.deploy().finally(live.changed).catch(console.error);
  response.status(202).end();
});
app.post('/cluster/nodes/:id/:action', fromOurPage, (request, response) => {
  const { id, action } = request.params as Record<string, string>;
  const node = fleet.node(Number(id));
  if (!node || !isAction(action)) return void response.status(404).end();
  node[action]().catch(console.error);
  response.status(202).end();
});
app.use(
  ['/cluster', '/as'],
  (_request, response) => void response.status(404).json({ error: 'No such route.' }),
);
app.use(servePage(await bundle(fileURLToPath(new URL('./web', import.meta.url)))));

const server = createServer(app);
server.on('upgrade', (request, client, head) => {
  const to = forwarded(request.url);
  if (to) proxy.upgrade(request, client, head, to);
  else client.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
});

await fleet.start();
const wanted = Number(process.env.PORT ?? 3000);
const port = await listenFrom(server, wanted, '127.0.0.1');

const stopCrowd = startCrowd({
  people,
  baseUrl: `http://127.0.0.1:${port}`,
  isLively: process.env.CLUSTER_LIFE !== 'off',
  clock: systemClock,
  random: { next: Math.random },
});
control.say(`${people.length} people come in`, 'Simulated, each with a socket of their own.');

const stop = async (): Promise<void> => {
  console.log('\n  ○  Stopping.\n');
  stopCrowd();
  await control.stop();
  redis.stop();
  process.exit(0);
};
process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());

console.log(greeting({ port, wanted, redis, people: people.length }));
