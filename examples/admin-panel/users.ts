import { sql, type Selectable } from 'kysely';
import type { Database } from './database.ts';
import { idText, type SignInRow, type UserRow } from './tables.ts';

/** A user of this application, without their password. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly title: string;
  readonly role: UserRow['role'];
  readonly status: UserRow['status'];
  readonly isActive: boolean;
  /** Epoch ms. */
  readonly createdAt: number;
}

export interface SignIn extends Pick<SignInRow, 'outcome' | 'address' | 'agent'> {
  /** Epoch ms. */
  readonly at: number;
}

/** What an admin did with a user. */
export interface Audited {
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  /** JSON. */
  readonly details: string;
}

export interface Counts {
  readonly users: number;
  /** `online_status` of everybody, by one join of the users with the view of presence. */
  readonly byStatus: Readonly<Record<string, number>>;
  readonly blocked: number;
}

/** Everything that this application asks of its users' table. */
export interface Users {
  byEmail(email: string): Promise<(User & { readonly password: string }) | null>;
  byId(id: string): Promise<User | null>;
  /** `null`: somebody has this address. */
  create(user: Pick<UserRow, 'email' | 'full_name' | 'password'>, at: number): Promise<User | null>;
  setAccount(id: string, change: Partial<Pick<UserRow, 'status' | 'is_active'>>): Promise<void>;
  noteSignIn(
    id: string,
    at: number,
    row: Pick<SignInRow, 'outcome' | 'address' | 'agent'>,
  ): Promise<void>;
  signIns(id: string): Promise<readonly SignIn[]>;
  audit(row: {
    at: number;
    actor: string;
    user: string;
    action: string;
    details: unknown;
  }): Promise<void>;
  audited(id: string): Promise<readonly Audited[]>;
  counts(): Promise<Counts>;
}

/** So many lines of history are shown of a user. */
const SHOWN = 20;

type Row = Selectable<UserRow>;

const userOf = (row: Row): User => ({
  id: String(row.id),
  email: row.email,
  name: row.full_name,
  title: row.title,
  role: row.role,
  status: row.status,
  isActive: row.is_active === 1,
  createdAt: Number(row.created_at),
});

const countsOf = async ({ db }: Database): Promise<Counts> => {
  const isIn = sql<number>`case when users.status = 'active' and users.is_active = 1 then 1 else 0 end`;
  const rows = await db
    .selectFrom('users')
    .leftJoin('presence_current as p', (join) =>
      join.on('p.tenant', '=', 'default').on('p.user_id', '=', idText),
    )
    .select([
      sql<string>`coalesce(p.status, 'offline')`.as('online_status'),
      isIn.as('is_in'),
      db.fn.countAll().as('count'),
    ])
    .groupBy(['online_status', 'is_in'])
    .execute();
  const byStatus: Record<string, number> = {};
  let [users, blocked] = [0, 0];
  for (const { online_status, is_in, count } of rows) {
    users += Number(count);
    if (is_in === 0) blocked += Number(count);
    else byStatus[online_status] = (byStatus[online_status] ?? 0) + Number(count);
  }
  return { users, byStatus, blocked };
};

const createHistory = ({
  db,
}: Database): Pick<Users, 'noteSignIn' | 'signIns' | 'audit' | 'audited'> => ({
  noteSignIn: async (id, at, row) => {
    await db
      .insertInto('sign_ins')
      .values({ user_id: Number(id), at, ...row })
      .execute();
  },
  signIns: async (id) => {
    const rows = await db
      .selectFrom('sign_ins')
      .select(['at', 'outcome', 'address', 'agent'])
      .where('user_id', '=', Number(id))
      .orderBy('at', 'desc')
      .limit(SHOWN)
      .execute();
    return rows.map((row) => ({ ...row, at: Number(row.at) }));
  },
  audit: async ({ at, actor, user, action, details }) => {
    const [actor_id, user_id] = [Number(actor), Number(user)];
    await db
      .insertInto('audit')
      .values({ at, actor_id, user_id, action, details: JSON.stringify(details) })
      .execute();
  },
  audited: async (id) => {
    const rows = await db
      .selectFrom('audit')
      .innerJoin('users', 'users.id', 'audit.actor_id')
      .select(['audit.at', 'users.full_name as actor', 'audit.action', 'audit.details'])
      .where('audit.user_id', '=', Number(id))
      .orderBy('audit.at', 'desc')
      .limit(SHOWN)
      .execute();
    return rows.map((row) => ({ ...row, at: Number(row.at) }));
  },
});

export const createUsers = (database: Database): Users => {
  const { db } = database;
  const byEmail: Users['byEmail'] = async (email) => {
    const row = await db
      .selectFrom('users')
      .selectAll()
      .where('email', '=', email.trim().toLowerCase())
      .executeTakeFirst();
    return row ? { ...userOf(row), password: row.password } : null;
  };
  return {
    ...createHistory(database),
    byEmail,
    byId: async (id) => {
      if (!/^[1-9]\d{0,8}$/.test(id)) return null;
      const row = await db
        .selectFrom('users')
        .selectAll()
        .where('id', '=', Number(id))
        .executeTakeFirst();
      return row ? userOf(row) : null;
    },
    create: async (user, at) => {
      const row = await db
        .insertInto('users')
        .values({
          ...user,
          email: user.email.trim().toLowerCase(),
          title: 'New here',
          role: 'user',
          status: 'pending',
          is_active: 1,
          created_at: at,
          signed_out_at: null,
        })
        .onConflict((conflict) => conflict.column('email').doNothing())
        .returningAll()
        .executeTakeFirst();
      return row ? userOf(row) : null;
    },
    setAccount: async (id, change) => {
      await db.updateTable('users').set(change).where('id', '=', Number(id)).execute();
    },
    counts: () => countsOf(database),
  };
};
