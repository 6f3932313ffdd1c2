// What the SQL store asks of Postgres and of a SQLite file: renewals beside one UPSERT per heartbeat, commits, reads,
// and reaping over a million users. Postgres runs beside, on the same cores, as it is out of the box.
import type { Lease } from '@presence/core';
import { createPresence, type PresenceStore } from '@presence/server';
import { sqlStore } from '@presence/server/sql';
import { sql } from 'kysely';
import { atOnce, firstBeat, inBatches, numbered } from './redis/records.ts';
import { openMariadb, openPostgres, openSqlite, type BenchDatabase } from './sql/databases.ts';
import { empty, end, fill } from './sql/fill.ts';
import { withPulse } from './sql/pulse.ts';
import { figure, machine, median } from './sides.ts';

const LEASES = 20_000;
const LEASE_MS = 120_000;
const ROUNDS = 5;
const USERS = 1_000_000;
/** Users who are due together; the bound is that of the middle one. */
const DUE = [1000, 10_000, 20_000] as const;
const BOUND_DUE = DUE[1];
const REAPS = 3;

const BOUNDS = {
  Postgres: { renewals: 'at least 40,000', reap: 'under 2,000' },
  SQLite: { renewals: 'at least 100,000', reap: 'under 1,000' },
  MariaDB: { renewals: '', reap: '' },
} as const;

const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

/** As most would write it: one row for each session, one UPSERT for each heartbeat. */
const upsert = ({ db }: BenchDatabase, id: string): Promise<unknown> =>
  sql`insert into plain (id, expires_at) values (${id}, ${Date.now() + LEASE_MS})
    on conflict (id) do update set expires_at = excluded.expires_at`.execute(db);

const renewals = async (database: BenchDatabase, store: PresenceStore): Promise<void> => {
  const { name, db } = database;
  const writes = numbered(LEASES, (user) => firstBeat(user, LEASE_MS));
  const committed = await secondsOf(() =>
    atOnce(inBatches(writes, 100), 4, (batch) => store.commit(batch)),
  );
  figure(`${name}: commits of new users, in batches of 100`, LEASES / committed, '1/s');
  const leases = writes.map(({ grant }) => grant[0] as Lease);
  const hasPlain = name !== 'MariaDB';
  if (hasPlain) {
    await sql`create table plain (id text primary key, expires_at bigint)`.execute(db);
  }
  const rates: { store: number[]; plain: number[] } = { store: [], plain: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    const plain = hasPlain
      ? await secondsOf(() => atOnce(leases, 20, ({ id }) => upsert(database, id)))
      : Infinity;
    const batched = await secondsOf(() =>
      atOnce(inBatches(leases, 500), 4, async (batch) => {
        const { lost } = await store.renew(batch, null);
        if (lost.length > 0) throw new Error('A lease was lost.');
      }),
    );
    rates.plain.push(LEASES / plain);
    rates.store.push(LEASES / batched);
  }
  if (hasPlain) figure(`${name}: one UPSERT for each, 20 in flight`, median(rates.plain), '1/s');
  figure(`${name}: renewals in batches of 500`, median(rates.store), '1/s', BOUNDS[name].renewals);
  if (!hasPlain) return;
  const ratio = median(rates.store.map((rate, round) => rate / rates.plain[round]!));
  figure(
    `${name}: beside one UPSERT for each`,
    ratio,
    '×',
    name === 'Postgres' ? 'at least 4' : '',
  );
};

const reads = async ({ name }: BenchDatabase, store: PresenceStore): Promise<void> => {
  const times: number[] = [];
  for (let user = 0; user < 1000; user += 1) {
    const key = { tenant: 'acme', userId: `user-${user}` };
    times.push(1000 * (await secondsOf(async () => store.load([key]))));
  }
  figure(`${name}: one user's read`, median(times), 'ms', 'at most 2');
};

const changes = async ({ name }: BenchDatabase, store: PresenceStore): Promise<void> => {
  const secret = 'a secret for the benchmark, long enough';
  const presence = createPresence({ authenticate: () => null, store, security: { secret } });
  const claim = (user: number, message: string) =>
    presence.tenant('acme').claim(`user-${user}`, 'busy', { message });
  const alone: number[] = [];
  for (let user = 0; user < 300; user += 1) {
    alone.push(1000 * (await secondsOf(() => claim(user, 'one'))));
  }
  figure(`${name}: a change alone: load, apply, commit`, median(alone), 'ms');
  const users = numbered(5000, (user) => user);
  const many = await secondsOf(() => atOnce(users, 1000, (user) => claim(user, 'many')));
  figure(`${name}: changes, a thousand at once: load, apply, commit`, users.length / many, '1/s');
  await presence.close();
};

/** From the first call to when nothing is due any more, in seconds. */
const reap = async (store: PresenceStore, due: number): Promise<number> => {
  const secret = 'a secret for the benchmark, long enough';
  let reaped = 0;
  const seconds = await secondsOf(async () => {
    const presence = createPresence({ authenticate: () => null, store, security: { secret } });
    reaped = await presence.reap();
    await presence.close();
  });
  if (reaped !== due) throw new Error(`${reaped} of ${due} went offline.`);
  return seconds;
};

/** Others each time. The first one is the first of this process to reap many, and waits for its code to be compiled. */
const reaping = async (
  database: BenchDatabase,
  store: PresenceStore,
  { from, due }: { readonly from: number; readonly due: number },
): Promise<number> => {
  const { name } = database;
  const times: number[] = [];
  for (let round = 0; round < REAPS; round += 1) {
    await store.due(0, 0);
    await end(database, { from: from + round * due, count: due });
    times.push(await reap(store, due));
  }
  const title = `${name}: reaping ${due} of ${USERS.toLocaleString('en')} users`;
  figure(title, 1000 * median(times), 'ms', due === BOUND_DUE ? BOUNDS[name].reap : '');
  figure(`${title}, the first time`, 1000 * times[0]!, 'ms');
  return median(times);
};

const million = async (database: BenchDatabase, store: PresenceStore): Promise<void> => {
  const { name, db } = database;
  await empty(db);
  await fill(database, USERS, () => store.due(0, 0));
  // What filling left to do is not what is measured.
  await sql.raw(name === 'SQLite' ? 'pragma wal_checkpoint(truncate)' : 'checkpoint').execute(db);
  const perUser: number[] = [];
  let from = 0;
  for (const due of DUE) {
    perUser.push((await reaping(database, store, { from, due })) / due);
    from += REAPS * due;
  }
  figure(
    `${name}: a user among ${DUE[2]} who are due, beside one among ${DUE[0]}`,
    perUser[2]! / perUser[0]!,
    '×',
  );
  const idle: number[] = [];
  for (let round = 0; round < 50; round += 1) {
    idle.push(1000 * (await secondsOf(() => store.due(100, 0))));
  }
  figure(`${name}: a round of the reaper with nothing due`, median(idle), 'ms');
  const pages: number[] = [];
  const query = { tenant: 'acme', scope: 't', status: ['online', 'away'] as const, limit: 100 };
  for (let round = 0; round < 200; round += 1) {
    const after = `user-${Math.floor((round / 200) * USERS)}`;
    pages.push(1000 * (await secondsOf(() => store.find({ ...query, after }))));
  }
  pages.sort((a, b) => a - b);
  figure(`${name}: a page of 100, at the median`, median(pages), 'ms');
  figure(`${name}: a page of 100, at the 99th percentile`, pages[197]!, 'ms', 'at most 15');
};

console.log(machine());
const asked = process.env['BENCH_SQL']?.split(',') ?? ['Postgres', 'SQLite'];
const opened = { Postgres: openPostgres, SQLite: openSqlite, MariaDB: openMariadb };
for (const [name, open] of Object.entries(opened)) {
  if (!asked.includes(name)) continue;
  const database = await open();
  try {
    const store = sqlStore({ db: database.db, deadlineMs: 60_000 });
    await withPulse(store, async () => {
      await renewals(database, store);
      await reads(database, store);
      await changes(database, store);
    });
    if (name !== 'MariaDB') await withPulse(store, () => million(database, store));
    await store.close();
  } finally {
    await database.stop();
  }
}
process.exit();
