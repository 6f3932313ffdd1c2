// A page of 100 of 100,000 users for admins: each filter and sort of a directory in Postgres, with presence joined, beside
// one statement by hand; and the lists that memory, Redis and Postgres serve themselves.
import { Redis } from 'ioredis';
import { sql } from 'kysely';
import { memoryStore, type Presence, type PresenceStore } from '@presence/server';
import { redisStore } from '@presence/server/redis';
import { sqlDirectory, sqlStore } from '@presence/server/sql';
import { startRedis } from '../tests/services/redis-server.ts';
import { turnByHand, type ByHand } from './directory/by-hand.ts';
import { comeAndGo, createPeople } from './directory/people.ts';
import { createAdmin, turnPages } from './directory/route.ts';
import { openPostgres, type BenchDatabase } from './sql/databases.ts';
import { withPulse } from './sql/pulse.ts';
import { figure, machine, median } from './sides.ts';

const PAGES = 20;
const ROUNDS = 10;
/** Statements by hand take longer: fewer of them say enough. */
const ROUNDS_BY_HAND = 2;

const NAME = sql`u.name, u.id`;
const ALL = sql`true`;
const has = (text: string) => sql`(u.name ilike ${`%${text}%`} or u.email ilike ${`%${text}%`})`;
const status = (name: string) => sql`coalesce(p.status, 'offline') = ${name}`;

const CASES: Readonly<Record<string, ByHand>> = {
  'sort=name': { where: ALL, order: NAME },
  'sort=-name': { where: ALL, order: sql`u.name desc, u.id desc` },
  'sort=email': { where: ALL, order: sql`u.email, u.id` },
  'sort=-email': { where: ALL, order: sql`u.email desc, u.id desc` },
  'sort=userId': { where: ALL, order: sql`u.id` },
  'sort=-userId': { where: ALL, order: sql`u.id desc` },
  'sort=-lastSeen': { where: ALL, order: sql`p.last_seen_at desc nulls first, u.id` },
  'sort=lastSeen': { where: ALL, order: sql`p.last_seen_at, u.id` },
  'search=lovelace': { where: has('lovelace'), order: NAME },
  'search=hopper': { where: has('hopper'), order: NAME },
  'search=user-777': { where: has('user-777'), order: NAME },
  'search=e': { where: has('e'), order: NAME },
  'account=active': { where: sql`u.status = 'active' and u.is_active`, order: NAME },
  'account=suspended': { where: sql`u.status = 'suspended'`, order: NAME },
  'account=inactive': { where: sql`u.status = 'active' and not u.is_active`, order: NAME },
  'status=online': { where: status('online'), order: NAME },
  'status=away': { where: status('away'), order: NAME },
  'status=busy': { where: status('busy'), order: NAME },
  'status=dnd': { where: status('dnd'), order: NAME },
  'status=offline': { where: status('offline'), order: NAME },
  'status=online&search=hopper': {
    where: sql`${status('online')} and ${has('hopper')}`,
    order: NAME,
  },
  'status=offline&sort=lastSeen': { where: status('offline'), order: sql`p.last_seen_at, u.id` },
  'status=online&account=suspended&sort=-lastSeen': {
    where: sql`${status('online')} and u.status = 'suspended'`,
    order: sql`p.last_seen_at desc nulls first, u.id`,
  },
};

const LISTS = ['status=online', 'status=online,away,busy,dnd', 'status=offline', 'status=dnd', ''];

const percentile = (times: readonly number[], share: number): number =>
  times.toSorted((a, b) => a - b)[Math.ceil(times.length * share) - 1]!;

const measure = async (presence: Presence<null>, title: string, query: string): Promise<number> => {
  await turnPages(presence, query, 2);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    times.push(...(await turnPages(presence, query, PAGES)).times);
  figure(`${title}, at the median`, median(times), 'ms');
  figure(`${title}, at the 99th percentile`, percentile(times, 0.99), 'ms', 'at most 15');
  return median(times);
};

const lists = async (name: string, store: PresenceStore): Promise<void> => {
  const presence = createAdmin(store);
  for (const query of LISTS) await measure(presence, `${name}: /admin/users?${query}`, query);
  await presence.close();
};

const directory = async ({ db }: BenchDatabase, store: PresenceStore): Promise<void> => {
  const users = sqlDirectory({
    db,
    table: 'users',
    columns: { userId: 'id', tenant: 'org', name: 'name', email: 'email' },
    account: {
      status: { active: 'active', suspended: 'suspended', pending: 'pending' },
      is_active: { true: 'active', false: 'inactive' },
    },
    presence: true,
    deadlineMs: 60_000,
  });
  const presence = createAdmin(store, { directory: users });
  for (const [query, byHand] of Object.entries(CASES)) {
    const ours = await measure(presence, `directory: ?${query}`, query);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS_BY_HAND; round += 1)
      times.push(...(await turnByHand(db, byHand, 5)));
    figure(`directory: ?${query}, by hand at the median`, median(times), 'ms');
    figure(`directory: ?${query}, by hand beside the route`, median(times) / ours, '×');
  }
  await presence.close();
};

const onPostgres = async (): Promise<void> => {
  const database = await openPostgres();
  const store = sqlStore({ db: database.db, deadlineMs: 60_000 });
  await withPulse(store, async () => {
    await createPeople(database.db);
    const presence = createAdmin(store);
    await comeAndGo(presence);
    await presence.close();
    await sql`vacuum analyze`.execute(database.db);
    await directory(database, store);
    await lists('Postgres', store);
  });
  await store.close();
  await database.stop();
};

const onStore = async (name: string, store: PresenceStore): Promise<void> =>
  withPulse(store, async () => {
    const presence = createAdmin(store);
    await comeAndGo(presence);
    await presence.close();
    await lists(name, store);
    await store.close();
  });

console.log(machine());
const asked = process.env['BENCH_DIRECTORY']?.split(',') ?? ['Postgres', 'memory', 'Redis'];
if (asked.includes('Postgres')) await onPostgres();
if (asked.includes('memory')) await onStore('memory', memoryStore());
if (asked.includes('Redis')) {
  const server = await startRedis();
  const redis = new Redis(`redis://127.0.0.1:${server.port}`, { lazyConnect: true });
  await onStore('Redis', redisStore({ redis }));
  redis.disconnect();
  await server.stop();
}
process.exit();
