// Chat rooms over Socket.IO. Presence goes over the same connection: who is online, who is in a room, who is typing.
import { createServer, type IncomingMessage } from 'node:http';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPresence, type PolicyOptions } from '@presence/server';
import { expressPresence } from '@presence/server/express';
import { attachSocketIO } from '@presence/server/socket.io';
import { migrate, sqlStore } from '@presence/server/sql';
import { systemClock } from '@presence/example-shared/clock.ts';
import { startColleagues } from '@presence/example-shared/colleagues.ts';
import { keptKey } from '@presence/example-shared/kept-key.ts';
import { listenFrom } from '@presence/example-shared/listen.ts';
import { createLogins, type Login } from '@presence/example-shared/logins.ts';
import { openMessages } from '@presence/example-shared/messages.ts';
import { bundle, servePage } from '@presence/example-shared/page.ts';
import express, { type ErrorRequestHandler } from 'express';
import { Server } from 'socket.io';
import { openDatabase } from './database.ts';
import { greeting } from './greeting.ts';
import { createPeople, NEIGHBOURS } from './people.ts';
import { ROOMS } from './rooms.ts';
import { talkOver, type Who } from './talk.ts';

console.log('\n  ○  Starting: the page is bundled first, which takes a few seconds …');

const { env } = process;
const cached = (name: string): string => fileURLToPath(new URL(`.cache/${name}`, import.meta.url));

// ── The application's own: its database, its people, its login ───────────────────────────────────

const file = env['CHAT_FILE'] ?? cached('chat.db');
const db = await openDatabase(file);
const people = createPeople(db);
const messages = await openMessages(db);
const logins = createLogins<Who>(keptKey(cached('login-key')));

// ── Presence: in the same database, behind the same login ────────────────────────────────────────

await migrate(db);
const store = sqlStore({ db });

const presence = createPresence<IncomingMessage & { readonly login?: Login<Who> | null }>({
  authenticate: ({ login }) => login,
  store,
  policy: JSON.parse(env['CHAT_POLICY'] ?? '{}') as PolicyOptions,
  security: {
    secret: keptKey(cached('presence-key')), // servers that share a store have one in common
  },
});

// ── Routes ───────────────────────────────────────────────────────────────────────────────────────

const app = express().disable('x-powered-by');
app.use((request, _response, next) => {
  const token = request.get('authorization')?.slice(7) ?? '';
  Object.assign(request, { login: logins.read(token) });
  next();
});
app.use('/presence', expressPresence(presence));

// oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 passes rejections on
app.post('/api/join', express.json({ limit: '1kb' }), async (request, response) => {
  const { name } = (request.body ?? {}) as { name?: unknown };
  const person = await people.join(name);
  response.json({ person, token: logins.issue({ userId: person.id }) });
});

// oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 passes rejections on
app.get('/api/house', async (request, response) => {
  const { login } = request as { readonly login?: Login<Who> | null };
  if (!login) return void response.status(401).json({ error: 'Come in with a name first.' });
  const everyone = await people.all();
  response.set('Cache-Control', 'no-store').json({ rooms: ROOMS, people: everyone });
});

app.use(
  '/api',
  (_request, response) => void response.status(404).json({ error: 'No such route.' }),
);
app.use(servePage(await bundle(fileURLToPath(new URL('./web', import.meta.url)))));
app.use(((error: Error & { status?: number }, _request, response, _next) => {
  const status = error instanceof TypeError ? 400 : (error.status ?? 500);
  if (status >= 500) console.error(error);
  response.status(status).json({ error: status === 400 ? error.message : 'That did not work.' });
}) satisfies ErrorRequestHandler);

// ── The connections: one for the chat and for presence ───────────────────────────────────────────

const server = createServer(app);
const io = new Server(server, { serveClient: false });
io.use((socket, next) => {
  const { token } = socket.handshake.auth as { token?: unknown };
  const login = logins.read(String(token));
  if (!login) return next(new Error('Come in with a name first.'));
  Object.assign(socket.data, login);
  Object.assign(socket.request, { login });
  next();
});
talkOver(io, messages);
attachSocketIO(presence, io);

// ── Start and stop ───────────────────────────────────────────────────────────────────────────────

const wanted = Number(env['PORT'] ?? 3000);
const port = await listenFrom(server, wanted, env['CHAT_HOST'] ?? '127.0.0.1');

const stopNeighbours =
  env['COLLEAGUES'] === 'off'
    ? () => undefined
    : startColleagues({
        presence,
        ids: NEIGHBOURS.map(({ id }) => id),
        leaseMs: presence.policyOf('default').leaseMs,
        clock: systemClock,
        random: { next: Math.random },
        onError: (error) => console.error(error),
      });

const stop = async (): Promise<void> => {
  console.log('\n  ○  Stopping: what was said stays in the file.\n');
  systemClock.after(3000, () => process.exit(1));
  stopNeighbours();
  await presence.close();
  await io.close();
  await store.close();
  await db.destroy();
  process.exit(0);
};
process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());

console.log(greeting({ port, wanted, file: `the file ${relative(process.cwd(), file)}` }));
