// A hundred thousand people in a table of an application's own, and the presence of those who ever came.
import { sql, type Kysely } from 'kysely';
import type { Presence } from '@presence/server';
import { atOnce, numbered } from '../redis/records.ts';

const PEOPLE = 100_000;
export const TENANT = 'acme';

const FIRST =
  'Ada Alan Barbara Claude Donald Edsger Frances Grace Hedy Ida Jean Ken Leslie Margaret Niklaus Ole Peter Radia Shafi Tim'.split(
    ' ',
  );
const LAST =
  'Allen Backus Codd Dijkstra Engelbart Floyd Goldwasser Hopper Iverson Joy Knuth Lamport Moore Naur Ousterhout Perlman Ritchie Shannon Thompson Ullman'.split(
    ' ',
  );

/** A number that has nothing to do with its neighbours', nor with anybody's status. */
const mixed = (user: number): number => Math.imul(user ^ (user >>> 7), 2_654_435_761) >>> 12;

/** Names that few share and names that many do; in no order. */
const nameOf = (user: number): string =>
  `${FIRST[mixed(user) % FIRST.length]} ${LAST[mixed(user + 1) % LAST.length]} ${user % 997}`;

const idOf = (user: number): string => `user-${user}`;

const accountOf = (user: number): string =>
  user % 500 === 3 ? 'suspended' : user % 200 === 5 ? 'pending' : 'active';

/** A table as applications have them, with the indexes that the guide names. */
export const createPeople = async (db: Kysely<unknown>): Promise<void> => {
  await sql`create extension if not exists pg_trgm`.execute(db);
  await sql`create table users (id text primary key, org text not null, name text not null, email text not null,
    status text not null, is_active boolean not null)`.execute(db);
  const users = numbered(PEOPLE, (user) => user);
  for (let from = 0; from < PEOPLE; from += 5000) {
    const some = users.slice(from, from + 5000);
    await sql`insert into users select * from unnest(${some.map(idOf)}::text[], ${some.map(() => TENANT)}::text[],
      ${some.map(nameOf)}::text[], ${some.map((user) => `${idOf(user)}@example.org`)}::text[],
      ${some.map(accountOf)}::text[], ${some.map((user) => user % 50 !== 7)}::boolean[])`.execute(
      db,
    );
  }
  for (const index of [
    'org, name, id',
    'org, email, id',
    'org, id',
    'org, status, name, id',
    'org, is_active, name, id',
  ]) {
    await sql`create index on users (${sql.raw(index)})`.execute(db);
  }
  for (const column of ['name', 'email']) {
    await sql`create index on users using gin (lower(${sql.ref(column)}) gin_trgm_ops)`.execute(db);
  }
};

type Work = (userId: string, presence: ReturnType<Presence<never>['tenant']>) => Promise<unknown>;

const busy: Work = (userId, presence) => presence.claim(userId, 'busy');
const dnd: Work = (userId, presence) => presence.claim(userId, 'dnd');
const away: Work = (userId, presence) => presence.claim(userId, 'away');
const gone: Work = (userId, presence) => presence.signOut(userId);
const nothing: Work = async () => undefined;

/** Of a hundred: 20 online, 4 away, 1 busy, 60 gone, 15 who never came; and one of five hundred who is not to be disturbed. */
const workOf = (user: number): Work | null => {
  const place = user % 100;
  if (user % 500 === 0) return dnd;
  if (place < 20) return nothing;
  if (place < 24) return away;
  if (place < 25) return busy;
  return place < 85 ? gone : null;
};

export const comeAndGo = async (presence: Presence<never>): Promise<void> => {
  const tenant = presence.tenant(TENANT);
  const users = numbered(PEOPLE, (user) => user).filter((user) => workOf(user) !== null);
  await atOnce(users, 1000, (user) => tenant.signIn(idOf(user)));
  await atOnce(users, 1000, async (user) => workOf(user)!(idOf(user), tenant));
};
