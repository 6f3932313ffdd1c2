// What admins ask of the past, from Postgres: a page of one user's history, when one is online over 90 days, and how many
// were there together; beside statements by hand over the same table.
import { sql, type Kysely, type RawBuilder } from 'kysely';
import { sqlHistory, sqlStore } from '@presence/server/sql';
import { TENANT } from './directory/people.ts';
import { ask, createAdmin } from './directory/route.ts';
import { numbered } from './redis/records.ts';
import { figure, machine, median, percentile } from './sides.ts';
import { openPostgres } from './sql/databases.ts';
import { withPulse } from './sql/pulse.ts';

const DAY_MS = 86_400_000;
const USERS = 1000;
const DAYS = 90;
/** Each comes, is away for a while, comes back and goes, twice a day. */
const STEPS_A_DAY = 8;
const EACH_MS = DAY_MS / STEPS_A_DAY;
const ASKED = 100;

const COURSE = ['online', 'away', 'online', 'offline'] as const;

type History = ReturnType<typeof sqlHistory>;
type Entries = Parameters<History['append']>[0];

const entryOf = (user: number, start: number): Entries[number] => {
  const steps = numbered(DAYS * STEPS_A_DAY, (index) => {
    const at = start + index * EACH_MS + user * 1009;
    const status = COURSE[index % COURSE.length]!;
    return { revision: at, version: at, status, at, cause: 'activity' as const };
  });
  return { key: { tenant: TENANT, userId: `user-${user}` }, steps };
};

const fill = async (history: History, start: number): Promise<void> => {
  for (let user = 0; user < USERS; user += 10) {
    await history.append(numbered(10, (place) => entryOf(user + place, start)));
  }
};

const timesOf = async (count: number, work: (index: number) => Promise<unknown>) => {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const start = performance.now();
    await work(index);
    times.push(performance.now() - start);
  }
  return times;
};

const tell = (name: string, ours: readonly number[], byHand: readonly number[]): void => {
  for (const [side, times] of [
    ['', ours],
    [', by hand', byHand],
  ] as const) {
    figure(`${name}${side}, at the median`, median(times), 'ms');
    figure(`${name}${side}, at the 99th percentile`, percentile(times, 0.99), 'ms');
  }
  figure(`${name}, by hand : the route`, median(byHand) / median(ours), '×');
};

const pageByHand = (user: string): RawBuilder<unknown> =>
  sql`select at, status, cause from presence_step where tenant = ${TENANT} and user_id = ${user}
    order by revision desc limit 50`;

const daysByHand = (user: string, from: number): RawBuilder<unknown> =>
  sql`select floor(at / ${DAY_MS}::numeric) as day, sum(case when status = 'offline' then 0 else until - at end)
    from (select at, status, lead(at, 1, at) over (order by revision) as until from presence_step
      where tenant = ${TENANT} and user_id = ${user} and at >= ${from}) s group by 1`;

const togetherByHand = (from: number): RawBuilder<unknown> =>
  sql`select max(present) from (select sum(case when status = 'offline' then -1 when was = 'offline' or was is null
      then 1 else 0 end) over (order by at) as present
    from (select at, status, lag(status) over (partition by user_id order by revision) as was
      from presence_step where tenant = ${TENANT} and at >= ${from}) s) c`;

const compare = async (
  db: Kysely<unknown>,
  presence: ReturnType<typeof createAdmin>,
  start: number,
): Promise<void> => {
  const userOf = (index: number): string => `user-${(index * 37) % USERS}`;
  const week = Date.now() - 7 * DAY_MS;
  const cases = [
    {
      name: 'a page of 50 of one user’s history',
      count: ASKED,
      route: (index: number) => [`/admin/users/${userOf(index)}/history`, 'limit=50'] as const,
      byHand: (index: number) => pageByHand(userOf(index)),
    },
    {
      name: `when one user is online, ${DAYS} days`,
      count: ASKED,
      route: (index: number) => [`/admin/users/${userOf(index)}/insights`, `days=${DAYS}`] as const,
      byHand: (index: number) => daysByHand(userOf(index), start),
    },
    {
      name: `how many of ${USERS} are there together, 7 days`,
      count: 10,
      route: () => ['/admin/insights', 'days=7'] as const,
      byHand: () => togetherByHand(week),
    },
  ];
  for (const { name, count, route, byHand } of cases) {
    const ours = (index: number) => {
      const [path, query] = route(index);
      return ask(presence, path, query);
    };
    await timesOf(Math.ceil(count / 2), ours);
    tell(
      name,
      await timesOf(count, ours),
      await timesOf(count, (index) => byHand(index).execute(db)),
    );
  }
};

console.log(machine());
const { db, stop } = await openPostgres();
const store = sqlStore({ db, deadlineMs: 60_000 });
const keep = sqlHistory({ db, deadlineMs: 60_000 });
await withPulse(store, async () => {
  const start = Date.now() - DAYS * DAY_MS;
  await fill(keep, start);
  await sql`vacuum analyze`.execute(db);
  const presence = createAdmin(store, {}, { history: { keep, retentionMs: 2 * DAYS * DAY_MS } });
  await compare(db, presence, start);
  await presence.close();
});
await store.close();
await stop();
process.exit();
