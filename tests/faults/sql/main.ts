// One presence node over SQL, as an application would run it. Gone with the process that started it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { attachWebhooks, createPresence } from '@presence/server';
import { expressPresence } from '@presence/server/express';
import { redisStore } from '@presence/server/redis';
import { migrate, sqlSink, sqlStore } from '@presence/server/sql';
import { Redis } from 'ioredis';
import { openDatabase } from './open.ts';
import type { SqlNodeSettings, SqlNodeWord } from './settings.ts';

const settings = JSON.parse(process.argv[2]!) as SqlNodeSettings;

const opened = openDatabase(settings);
await migrate(opened.db);

const behindRedis = (port: number) => {
  const redis = new Redis(port, '127.0.0.1', { lazyConnect: true });
  redis.on('error', () => undefined);
  opened.listen?.on('error', () => undefined);
  opened.listen?.on('connect', (client) => void client.on('error', () => undefined));
  return { store: redisStore({ redis }), sink: sqlSink({ db: opened.db }) };
};

const { redisPort, webhookUrl } = settings;

const presence = createPresence({
  authenticate: ({ headers }) => {
    const userId = headers['x-user']?.toString();
    return userId ? { userId, roles: userId === 'admin' ? ['admin'] : [] } : null;
  },
  ...(redisPort === null ? { store: sqlStore(opened) } : behindRedis(redisPort)),
  admin: true,
  security: {
    secret: 'of the tests of faults, for nobody else',
    authorize: ({ roles = [] }, action) => !action.startsWith('admin:') || roles.includes('admin'),
    // One machine plays all users.
    limits: { beatsPerMinute: 1e9, perAddressPerMinute: 1e9, queriesPerMinute: 1e9 },
  },
});

if (webhookUrl !== null) {
  attachWebhooks(presence, {
    url: webhookUrl,
    secret: 'of the tests of faults, for nobody else',
    allowHttp: true,
    allowPrivate: true,
  });
}

const handle = expressPresence(presence);
const server = createServer((request, response) => {
  request.url = request.url?.replace(/^\/presence/, '') ?? '/';
  handle(request, response, () => response.writeHead(500).end());
});
process.on('disconnect', () => process.exit(0));
server.listen({ port: 0, host: '127.0.0.1' }, () => {
  const word: SqlNodeWord = { port: (server.address() as AddressInfo).port };
  process.send?.(word);
});
