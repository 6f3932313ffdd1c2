// A team workspace: organisations that see nothing of each other, one sign-in for each, presence in every corner.
import { fileURLToPath } from 'node:url';
import { relative } from 'node:path';
import fastifyCookie from '@fastify/cookie';
import { createPresence, type PolicyOptions } from '@presence/server';
import { fastifyPresence } from '@presence/server/fastify';
import { systemClock } from '@presence/example-shared/clock.ts';
import { startColleagues } from '@presence/example-shared/colleagues.ts';
import { keptKey } from '@presence/example-shared/kept-key.ts';
import { listenFrom } from '@presence/example-shared/listen.ts';
import { openMessages, type MessageTables } from '@presence/example-shared/messages.ts';
import { bundle } from '@presence/example-shared/page.ts';
import { sqliteFile } from '@presence/example-shared/sqlite.ts';
import { openStoreOrExit } from '@presence/example-shared/store.ts';
import Fastify, { type FastifyRequest } from 'fastify';
import { Kysely } from 'kysely';
import { crowdOf, seatCrowd } from './crowd.ts';
import { greeting } from './greeting.ts';
import { ORGANISATIONS, type Organisation } from './organisations.ts';
import { organisationRoutes } from './routes/organisation-routes.ts';
import { pageRoutes } from './routes/page-routes.ts';
import { talkRoutes } from './routes/talk-routes.ts';
import { roomsOf } from './rooms.ts';
import { createSignIns } from './sign-ins.ts';
import { createTalk } from './talk.ts';

console.log('\n  ○  Starting: the page is bundled first, which takes a few seconds …');

const { env } = process;
const cached = (name: string): string => fileURLToPath(new URL(`.cache/${name}`, import.meta.url));

// ── The application's own: who is in which organisation, who is signed in, what is said ──────────

/** Added to the first organisation, which then is a large one. */
const crowd = crowdOf(Number(env['WORKSPACE_PEOPLE'] ?? 0));

const organisations = ORGANISATIONS.map((organisation, index): Organisation =>
  index === 0 ? { ...organisation, members: [...organisation.members, ...crowd] } : organisation,
);

const signIns = createSignIns(keptKey(cached('sign-in-key')));

const db = new Kysely<MessageTables>({
  dialect: sqliteFile(env['WORKSPACE_MESSAGES'] ?? cached('messages.db')),
});
const messages = await openMessages(db);

// ── Presence: a tenant for each organisation, which comes from the sign-in alone ─────────────────

const [
  url = env['PRESENCE_DATABASE_URL'] ?? `sqlite:${relative(process.cwd(), cached('presence.db'))}`,
] = process.argv.slice(2);
const kept = await openStoreOrExit(url, 'workspace');

const presence = createPresence<FastifyRequest>({
  authenticate: (request) => {
    const login = signIns.read(request);
    const organisation = organisations.find(({ id }) => id === login?.organisation);
    if (!login || !organisation) return null;
    // The rooms that are named are all that somebody may see and join.
    return { ...login, tenant: organisation.id, rooms: roomsOf(organisation, login.userId) };
  },
  store: kept.store,
  // The defaults are those of a workspace: away after 5 minutes, offline after 30.
  policy: JSON.parse(env['WORKSPACE_POLICY'] ?? '{}') as PolicyOptions,
  security: { secret: keptKey(cached('presence-key')) },
});

// ── Routes: everything of an organisation stands below its own path, as its cookie does ──────────

const app = Fastify({ forceCloseConnections: true });
app.setErrorHandler((error: { readonly statusCode?: number }, _request, reply) => {
  const status = error.statusCode ?? 500;
  if (status >= 500) console.error(error);
  return reply.code(status).send({ error: { message: 'That did not work.' } });
});
await app.register(fastifyCookie);
for (const organisation of organisations) {
  const path = `/${organisation.id}`;
  await app.register(fastifyPresence, { presence, prefix: `${path}/presence` });
  await app.register(organisationRoutes, { organisation, signIns, prefix: `${path}/api` });
  const talk = await createTalk(messages, organisation, systemClock.now());
  const talking = { organisation, signIns, talk, clock: systemClock };
  await app.register(talkRoutes, { ...talking, prefix: `${path}/api` });
}
const files = await bundle(fileURLToPath(new URL('./web', import.meta.url)));
await app.register(pageRoutes, { organisations, files });
await app.ready();

// ── Start and stop ───────────────────────────────────────────────────────────────────────────────

const wanted = Number(env['PORT'] ?? 3000);
const port = await listenFrom(app.server, wanted, env['WORKSPACE_HOST'] ?? '127.0.0.1');

const onError = (error: unknown): void => console.error(error);

const playColleagues = ({ id, members }: Organisation) =>
  startColleagues({
    presence: presence.tenant(id),
    ids: members.filter(({ isPlayed }) => isPlayed).map((one) => one.id),
    leaseMs: presence.policyOf(id).leaseMs,
    clock: systemClock,
    random: { next: Math.random },
    onError,
  });

const play = env['COLLEAGUES'] === 'off' ? [] : ORGANISATIONS.map(playColleagues);
const [first] = organisations;
if (first && crowd.length > 0) {
  const { leaseMs } = presence.policyOf(first.id);
  const seated = {
    presence: presence.tenant(first.id),
    crowd,
    leaseMs,
    clock: systemClock,
    onError,
  };
  play.push(await seatCrowd(seated));
}

/** Closing Fastify drains and closes presence: sockets are told to come back. */
const stop = async (): Promise<void> => {
  console.log('\n  ○  Stopping.\n');
  systemClock.after(3000, () => process.exit(1));
  for (const cancel of play) cancel();
  await app.close();
  await kept.close();
  await db.destroy();
  process.exit(0);
};
process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());

const policy = presence.policyOf('default');
console.log(greeting({ port, wanted, policy, shown: kept.shown, url }));
