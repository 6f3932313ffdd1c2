// One presence node, as an application would run it. Told what to do by the process that started it, and gone with it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPresence, type Logger } from '@presence/server';
import { expressPresence } from '@presence/server/express';
import { startLagMeter } from './lag-meter.ts';
import type { NodeOrder, NodeSettings, NodeWord } from './settings.ts';
import { storeOf } from './store.ts';

const settings = JSON.parse(process.argv[2]!) as NodeSettings;

const say = (word: NodeWord): void => void process.send?.(word);

const write =
  (level: string) =>
  (details: { err?: Error }, text: string): void => {
    const { err, ...rest } = details;
    const at = new Date().toISOString().slice(11, 23);
    console.error(
      `${at} ${settings.name} ${level} ${text} ${JSON.stringify(rest)} ${err?.message ?? ''}`,
    );
  };

const logger: Logger = {
  debug: () => undefined,
  info: write('info'),
  warn: write('warn'),
  error: write('error'),
};

const store = storeOf(settings, logger);

const presence = createPresence({
  authenticate: ({ headers }) => {
    const [userId, tenant] = (headers['x-user']?.toString() ?? '').split('@');
    // Issued long ago: whoever is signed out everywhere stays out.
    return userId ? { userId, tenant, issuedAt: 0 } : null;
  },
  store,
  policy: settings.policy,
  security: {
    secret: 'of the tests of faults, for nobody else',
    // One machine plays all users.
    limits: {
      beatsPerMinute: 1e9,
      perAddressPerMinute: 1e9,
      queriesPerMinute: 1e9,
      ticketsPerMinute: 1e9,
    },
  },
  logger,
});

const handle = expressPresence(presence);
const server = createServer((request, response) => {
  request.url = request.url?.replace(/^\/presence/, '') ?? '/';
  handle(request, response, () => response.writeHead(500).end());
});
server.keepAliveTimeout = 120_000;
presence.attach(server);

const obey = async (order: NodeOrder): Promise<void> => {
  if (order.do === 'sign-out') return presence.signOut(order.userId);
  // A deploy: nobody new comes here, everybody is told to go elsewhere.
  await presence.drain();
  await presence.close();
  server.closeAllConnections();
};

process.on('message', (order: NodeOrder) => {
  const { id } = order;
  obey(order).then(
    () => say({ says: 'done', id }),
    (error: unknown) => say({ says: 'done', id, error: String(error) }),
  );
});
startLagMeter((at, ms) => say({ says: 'lag', at, ms }));
process.on('disconnect', () => process.exit(0));

server.listen({ port: settings.port, host: '127.0.0.1', backlog: 4096 }, () =>
  say({ says: 'ready', port: (server.address() as AddressInfo).port }),
);
