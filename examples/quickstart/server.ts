// A whole application with presence: a login, an API, a page. Copy it and put your own login in.
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { createPresence, type PolicyOptions } from '@presence/server';
import { expressPresence } from '@presence/server/express';
import { systemClock } from '@presence/example-shared/clock.ts';
import { startColleagues } from '@presence/example-shared/colleagues.ts';
import { keptKey } from '@presence/example-shared/kept-key.ts';
import { listenFrom } from '@presence/example-shared/listen.ts';
import { createLogins, type Login } from '@presence/example-shared/logins.ts';
import { bundle, servePage } from '@presence/example-shared/page.ts';
import { openStoreOrExit } from '@presence/example-shared/store.ts';
import express, { type ErrorRequestHandler, type Request } from 'express';
import { directory } from './directory.ts';
import { explainTo } from './explain-to.ts';
import { colleagues, everyone, team } from './team.ts';
import { farewell, greeting } from './greeting.ts';

console.log('\n  ○  Starting: the page is bundled first, which takes a few seconds …');

/** Shorter than the defaults (5 and 30 minutes), so that nobody has to wait to see it. */
const policy: PolicyOptions = {
  awayAfterMs: 30_000,
  offlineAfterIdleMs: 10 * 60_000,
  ...(JSON.parse(process.env.QUICKSTART_POLICY ?? '{}') as PolicyOptions),
};

interface Who {
  readonly userId: string;
}

const cached = (name: string): string => fileURLToPath(new URL(`.cache/${name}`, import.meta.url));

const logins = createLogins<Who>(keptKey(cached('login-key')));

/** A file that outlives this server, unless somebody names another place. */
const [url = process.env.PRESENCE_DATABASE_URL ?? `sqlite:${cached('presence.db')}`] =
  process.argv.slice(2);
const kept = await openStoreOrExit(url, 'quickstart');

/**
 * A header rather than a cookie, because cookies belong to the whole browser: here each window is
 * somebody of its own, so that you can be two people side by side.
 */
const tokenOf = (request: Request): string => request.get('authorization')?.slice(7) ?? '';
const loginOf = (request: Request): Login<Who> | null => logins.read(tokenOf(request));

// ── Presence: who is asking, where it is mounted, and the server whose sockets it takes ──────────

/** Who may open the dashboard at `/presence/admin`, and act there. */
const admins: readonly string[] = ['ada'];

const presence = createPresence<Request>({
  authenticate: (request) => {
    const login = loginOf(request);
    return login && { ...login, roles: admins.includes(login.userId) ? ['admin'] : [] };
  },
  store: kept.store,
  policy,
  admin: true,
  security: {
    secret: keptKey(cached('presence-key')), // servers that share a store have one in common
    authorize: ({ roles }, action) =>
      !action.startsWith('admin:') || roles?.includes('admin') === true,
  },
  sources: { directory },
});

const app = express().disable('x-powered-by');
app.use('/presence', expressPresence(presence));

// ── The application's own routes ─────────────────────────────────────────────────────────────────

app.post('/api/sign-in', express.json({ limit: '1kb' }), (request, response) => {
  const { userId } = (request.body ?? {}) as { userId?: unknown };
  const person = team.find(({ id }) => id === userId);
  if (!person) return void response.status(404).json({ error: 'Nobody of the team.' });
  response.json({ person, token: logins.issue({ userId: person.id }) });
});

app.post('/api/sign-out', (request, response) => {
  logins.end(tokenOf(request));
  response.status(204).end();
});

/** Tells windows that stay open that they talk to another process than before. */
const startedAt = systemClock.now();
app.get('/api/people', (_request, response) => {
  response
    .set('Cache-Control', 'no-store')
    .json({ people: everyone, startedAt, keeps: kept.keeps });
});

// oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 passes rejections on
app.get('/api/explain/:userId', async (request, response) => {
  const viewer = loginOf(request);
  if (!viewer) return void response.status(401).json({ error: 'Sign in first.' });
  const person = everyone.find(({ id }) => id === request.params.userId);
  if (!person) return void response.status(404).json({ error: 'Nobody of the team.' });
  const isAllowedAll = person.simulated || person.id === viewer.userId;
  response.set('Cache-Control', 'no-store');
  response.json(await explainTo(presence, person.id, isAllowedAll));
});

app.use(
  '/api',
  (_request, response) => void response.status(404).json({ error: 'No such route.' }),
);
app.use(servePage(await bundle(fileURLToPath(new URL('./web', import.meta.url)))));
app.use(((error: { status?: number }, _request, response, _next) => {
  const status = error.status ?? 500;
  if (status >= 500) console.error(error);
  response.status(status).json({ error: 'That did not work.' });
}) satisfies ErrorRequestHandler);

// ── Start and stop ───────────────────────────────────────────────────────────────────────────────

const server = createServer(app);
presence.attach(server);
const wanted = Number(process.env.PORT ?? 3000);
const port = await listenFrom(server, wanted, process.env.QUICKSTART_HOST ?? '127.0.0.1');

const stopColleagues =
  process.env.COLLEAGUES === 'off'
    ? () => undefined
    : startColleagues({
        presence,
        ids: colleagues.map(({ id }) => id),
        leaseMs: presence.policyOf('default').leaseMs,
        clock: systemClock,
        random: { next: Math.random },
        onError: (error) => console.error(error),
      });

/** Sockets are told to come back, then everything is closed; whatever hangs is not waited for. */
const stop = async (): Promise<void> => {
  console.log(`\n  ○  Stopping: ${farewell(kept)}\n`);
  systemClock.after(3000, () => process.exit(1));
  stopColleagues();
  await presence.drain();
  await presence.close();
  await kept.close();
  server.close(() => process.exit(0));
  server.closeAllConnections();
};
process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());

console.log(greeting({ port, wanted, policy: presence.policyOf('default'), kept }));
