import { sql } from 'kysely';
import { openDatabase } from './open.ts';
import type { DatabaseAddress } from './settings.ts';

interface UserRow {
  readonly tenant: string;
  readonly user_id: string;
  readonly status: string;
  readonly revision: unknown;
  readonly scopes: string;
  readonly data: string;
}

interface ScopeRow extends Pick<UserRow, 'tenant' | 'user_id' | 'status'> {
  readonly scope: string;
}

/** What the tables say, without a node that would tidy up. */
export interface Stored {
  /** Users whose record says that they are banned. */
  readonly banned: ReadonlySet<string>;
  /** Rows that one transaction writes together and that do not belong together. */
  readonly halves: readonly string[];
}

const entryOf = ({ tenant, scope, status, user_id }: ScopeRow): string =>
  JSON.stringify([tenant, scope, status, user_id]);

const entriesOf = (user: UserRow): string[] =>
  (JSON.parse(user.scopes) as string[]).map((scope) => entryOf({ ...user, scope }));

const unlike = (a: ReadonlySet<string>, b: ReadonlySet<string>, what: string): string[] =>
  [...a].filter((each) => !b.has(each)).map((each) => `${what}: ${each}`);

const accountOf = ({ data }: UserRow): string => (JSON.parse(data) as { account: string }).account;

/** Reads the tables of a node that has the default names. */
export const readStored = async (address: DatabaseAddress): Promise<Stored> => {
  const { db } = openDatabase(address);
  const { rows: users } = await sql<UserRow>`select * from presence_user`.execute(db);
  const { rows: scopes } = await sql<ScopeRow>`select * from presence_scope`.execute(db);
  const { rows: declared } = await sql<ScopeRow>`select * from presence_declared`.execute(db);
  await db.destroy();
  const meant = new Set(users.flatMap(entriesOf));
  const listed = new Set(scopes.map(entryOf));
  const banned = new Set(
    users.filter((user) => accountOf(user) === 'banned').map((row) => row.user_id),
  );
  const torn = users.filter(
    ({ data, revision }) =>
      (JSON.parse(data) as { revision: number }).revision !== Number(revision),
  );
  // A sink notes who declared something in the transaction that writes their row.
  const noted = new Set(declared.map(({ user_id }) => user_id));
  return {
    banned,
    halves: [
      ...unlike(meant, listed, 'not in its list'),
      ...unlike(listed, meant, 'in a list of nobody'),
      ...torn.map(({ user_id }) => `a row of another revision: ${user_id}`),
      ...(noted.size > 0 ? unlike(banned, noted, 'banned, and not declared') : []),
    ],
  };
};
