// An application with accounts, tokens and an admin page. What is presence's is marked; all else is the application's own.
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { isPresenceError } from '@presence/core';
import { createPresence } from '@presence/server';
import { expressPresence, touchPresence } from '@presence/server/express';
import { jwtAuthenticate } from '@presence/server/jwt';
import { migrate, sqlDirectory, sqlStore } from '@presence/server/sql';
import { systemClock } from '@presence/example-shared/clock.ts';
import { startColleagues } from '@presence/example-shared/colleagues.ts';
import { keptKey } from '@presence/example-shared/kept-key.ts';
import { listenFrom } from '@presence/example-shared/listen.ts';
import { bundle, servePage } from '@presence/example-shared/page.ts';
import express, { type ErrorRequestHandler, type Request } from 'express';
import { openDatabase } from './database.ts';
import { greeting } from './greeting.ts';
import { adminRoutes } from './routes/admin-routes.ts';
import { signedIn, type Context } from './routes/context.ts';
import { ownRoutes } from './routes/own-routes.ts';
import { sessionRoutes } from './routes/session-routes.ts';
import { playedIds, seed } from './seed.ts';
import { readSettings } from './settings.ts';
import { createTables } from './tables.ts';
import { createTokens } from './tokens.ts';
import { createUsers } from './users.ts';

console.log('\n  ○  Starting: the page is bundled first, which takes a few seconds …');

const cached = (name: string): string => fileURLToPath(new URL(`.cache/${name}`, import.meta.url));
const { now } = systemClock;
const settings = readSettings(process.env['PANEL_SETTINGS']);

// ── The application's own database, users and tokens ─────────────────────────────────────────────

const [url = process.env['PANEL_DATABASE_URL'] ?? `sqlite:${cached('panel.db')}`] =
  process.argv.slice(2);
const database = openDatabase(url);
const { db, listen } = database;
await createTables(database);
await seed(database, Number(process.env['PANEL_PEOPLE'] ?? 0), now());
const users = createUsers(database);
const key = keptKey(cached('login-key'));
const tokens = createTokens({ database, key, accessMs: settings.accessMs, now });

// ── Presence: its tables beside the users, its login the application's, its list of users theirs ──

await migrate(db);
const directory = sqlDirectory({
  db,
  table: 'users',
  columns: { userId: 'id', name: 'full_name', email: 'email' },
  account: {
    status: { active: 'active', suspended: 'suspended', banned: 'banned', pending: 'pending' },
    is_active: { true: 'active', false: 'inactive' },
  },
  presence: true,
});
await directory.check();
const store = sqlStore({ db, ...(listen && { listen }) });

const presence = createPresence<Request>({
  authenticate: jwtAuthenticate({ ...tokens.reading, isRevoked: tokens.isRevoked }),
  store,
  // The defaults are those of such applications: a heartbeat each 30 s, offline after two minutes without one.
  policy: { mayHide: false, ...settings.policy },
  admin: true,
  history: {},
  security: {
    secret: keptKey(cached('presence-key')),
    limits: settings.limits,
    // Accounts are blocked by the route of the application, which writes its own table first.
    authorize: ({ roles = [] }, action) =>
      !action.startsWith('admin:') || (roles.includes('admin') && action !== 'admin:account:write'),
  },
  sources: { directory, account: directory.account },
});

presence.on('audit', ({ at, actor, action, target, details }) => {
  if (!target || action.startsWith('admin:history')) return;
  users
    .audit({ at, actor: actor.userId, user: target.userId, action, details })
    .catch((error: unknown) => console.error(error));
});

// ── Routes ───────────────────────────────────────────────────────────────────────────────────────

const context: Context = { users, tokens, presence, directory, now };
const app = express().disable('x-powered-by');
app.use('/presence', expressPresence(presence));
app.use('/api', (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
});
app.get(
  '/api/config',
  (_request, response) => void response.json({ refreshMs: settings.refreshMs }),
);
app.use('/api', sessionRoutes(context));
app.use(touchPresence(presence)); // from here on each request of somebody counts as presence
app.use('/api', signedIn(context), ownRoutes(context), adminRoutes(context));
app.use('/api', (_request, response) => {
  response.status(404).json({ error: { code: 'not_found', message: 'No such route.' } });
});
app.use(servePage(await bundle(fileURLToPath(new URL('./web', import.meta.url)))));
app.use(((error: { status?: number }, _request, response, _next) => {
  const status = error.status ?? 500;
  if (status >= 500) console.error(error);
  response.status(status).json({ error: { code: 'internal', message: 'That did not work.' } });
}) satisfies ErrorRequestHandler);

// ── Start and stop ───────────────────────────────────────────────────────────────────────────────

const server = createServer(app);
presence.attach(server);
const wanted = Number(process.env['PORT'] ?? 3000);
const port = await listenFrom(server, wanted, process.env['PANEL_HOST'] ?? '127.0.0.1');
const policy = presence.policyOf('default');

const stopColleagues =
  process.env['COLLEAGUES'] === 'off'
    ? () => undefined
    : startColleagues({
        presence,
        ids: await playedIds(database),
        leaseMs: policy.leaseMs,
        clock: systemClock,
        random: { next: Math.random },
        onError: (error) => {
          // An admin of the demo blocked one of them.
          if (!isPresenceError(error) || error.code !== 'account_blocked') console.error(error);
        },
      });

const stop = async (): Promise<void> => {
  console.log('\n  ○  Stopping: everything stays in the database.\n');
  systemClock.after(3000, () => process.exit(1));
  stopColleagues();
  await presence.drain();
  await presence.close();
  await store.close();
  await db.destroy();
  server.close(() => process.exit(0));
  server.closeAllConnections();
};
process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());

console.log(greeting({ port, wanted, policy, shown: database.shown }));
