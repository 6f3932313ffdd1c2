import type { Database } from './database.ts';
import { hashPassword } from './passwords.ts';
import type { UserRow } from './tables.ts';

/** Everybody's password in this demo; the sign-in page says so. */
export const DEMO_PASSWORD = 'juniper';

type Seed = Pick<UserRow, 'full_name' | 'title' | 'role' | 'status' | 'is_active'>;

const person = (full_name: string, title: string, more: Partial<Seed> = {}): Seed => ({
  full_name,
  title,
  role: 'user',
  status: 'active',
  is_active: 1,
  ...more,
});

/** The first three are offered on the sign-in page. */
const PEOPLE: readonly Seed[] = [
  person('Ada Moreau', 'Product lead', { role: 'admin' }),
  person('Grace Okafor', 'Design'),
  person('Linus Berg', 'Platform engineer'),
  person('Noah Lind', 'Backend engineer', { role: 'admin' }),
  person('Mei Tanaka', 'Research'),
  person('Omar Haddad', 'Customer success'),
  person('Vera Sokolova', 'Contractor', { status: 'suspended' }),
  person('Max Brandt', 'Trial account', { status: 'banned' }),
  person('Lena Fischer', 'New in sales', { status: 'pending' }),
  person('Hugo Marchetti', 'Left in spring', { is_active: 0 }),
];

/** Played by the server. */
const PLAYED: readonly Seed[] = [
  person('Ines Duarte', 'Frontend engineer'),
  person('Jonas Weber', 'Data engineer'),
  person('Kai Nakamura', 'Mobile engineer'),
  person('Priya Nair', 'Engineering manager'),
  person('Sofia Rossi', 'Marketing'),
  person('Theo Kowalski', 'Support'),
  person('Yara Haddou', 'Legal'),
  person('Felix Aubert', 'Finance'),
  person('Nadia Petrova', 'Quality'),
  person('Samuel Osei', 'Operations'),
  person('Clara Jensen', 'Writer'),
  person('Diego Alvarez', 'Sales'),
];

/** `Grace Okafor` is `grace@juniper.example`. */
const emailOf = (name: string): string =>
  `${name.split(' ')[0]?.toLowerCase() ?? ''}@juniper.example`;

const more = (count: number): Seed[] =>
  Array.from({ length: count }, (_, index) =>
    person(`Person ${String(index + 1).padStart(5, '0')}`, 'Staff'),
  );

/** Rows of one statement. */
const BATCH = 500;

/** Fills an empty table: the demo's people, and as many others as are asked for. */
export const seed = async ({ db }: Database, count: number, now: number): Promise<void> => {
  if (await db.selectFrom('users').select('id').limit(1).executeTakeFirst()) return;
  // One hash for all, because each takes a while; people who sign up get their own.
  const password = await hashPassword(DEMO_PASSWORD);
  const rows = [...PEOPLE, ...PLAYED, ...more(count)].map((row) => ({
    ...row,
    email:
      row.title === 'Staff'
        ? `${row.full_name.replace(' ', '-').toLowerCase()}@juniper.example`
        : emailOf(row.full_name),
    password,
    created_at: now,
    signed_out_at: null,
  }));
  for (let at = 0; at < rows.length; at += BATCH) {
    await db
      .insertInto('users')
      .values(rows.slice(at, at + BATCH))
      .execute();
  }
};

/** The ids of those whom the server plays. */
export const playedIds = async ({ db }: Database): Promise<string[]> => {
  const emails = PLAYED.map(({ full_name }) => emailOf(full_name));
  const rows = await db.selectFrom('users').select('id').where('email', 'in', emails).execute();
  return rows.map(({ id }) => String(id));
};
