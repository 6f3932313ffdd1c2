import { sql, type ColumnType, type Generated, type Kysely } from 'kysely';
import type { Database } from './database.ts';

/** Epoch ms. Postgres gives its large integers as texts. */
type Instant = ColumnType<number | string, number, number>;
type MaybeInstant = ColumnType<number | string | null, number | null, number | null>;

/** As such applications have it: two columns say together whether somebody may come in. */
export interface UserRow {
  readonly id: Generated<number>;
  readonly email: string;
  readonly full_name: string;
  readonly title: string;
  readonly role: 'user' | 'admin';
  readonly password: string;
  readonly status: 'active' | 'suspended' | 'banned' | 'pending';
  /** 1 or 0. */
  readonly is_active: number;
  readonly created_at: Instant;
  /** Tokens that were issued before are good for nothing. */
  readonly signed_out_at: MaybeInstant;
}

export interface SignInRow {
  readonly id: Generated<number>;
  readonly user_id: number;
  readonly at: Instant;
  readonly outcome: 'ok' | 'wrong-password' | 'blocked';
  readonly address: string;
  readonly agent: string;
}

interface RefreshTokenRow {
  /** SHA-256 of the token: the table lets nobody in who reads it. */
  readonly hash: string;
  readonly user_id: number;
  readonly expires_at: Instant;
  /** One that is shown again after its use was stolen. */
  readonly used_at: MaybeInstant;
}

/** The blacklist: access tokens of whoever signed out, until they would have ended anyway. */
interface RevokedTokenRow {
  readonly jti: string;
  readonly expires_at: Instant;
}

/** What admins did, by presence's `audit` event and by the routes of this application. */
interface AuditRow {
  readonly id: Generated<number>;
  readonly at: Instant;
  readonly actor_id: number;
  readonly user_id: number;
  readonly action: string;
  readonly details: string;
}

/** A view that the migration of presence makes: who is there, beside your own tables. */
interface PresenceCurrentRow {
  readonly tenant: string;
  readonly user_id: string;
  readonly status: 'online' | 'away' | 'busy' | 'dnd' | 'offline';
  readonly last_seen_at: number | null;
}

export interface Tables {
  readonly users: UserRow;
  readonly sign_ins: SignInRow;
  readonly refresh_tokens: RefreshTokenRow;
  readonly revoked_tokens: RevokedTokenRow;
  readonly audit: AuditRow;
  readonly presence_current: PresenceCurrentRow;
}

type Db = Kysely<Tables>;

const createUsers = async (db: Db, id: 'serial' | 'integer'): Promise<void> => {
  await db.schema
    .createTable('users')
    .ifNotExists()
    .addColumn('id', id, (column) => column.primaryKey())
    .addColumn('email', 'text', (column) => column.notNull().unique())
    .addColumn('full_name', 'text', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('password', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('is_active', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('signed_out_at', 'bigint')
    .execute();
  // The list in the order of names, and the same for one state of accounts.
  await db.schema
    .createIndex('users_by_name')
    .ifNotExists()
    .on('users')
    .columns(['full_name', 'id'])
    .execute();
  await db.schema
    .createIndex('users_by_status')
    .ifNotExists()
    .on('users')
    .columns(['status', 'full_name', 'id'])
    .execute();
};

const createSignIns = async (db: Db, id: 'serial' | 'integer'): Promise<void> => {
  await db.schema
    .createTable('sign_ins')
    .ifNotExists()
    .addColumn('id', id, (column) => column.primaryKey())
    .addColumn('user_id', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('agent', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('sign_ins_of_user')
    .ifNotExists()
    .on('sign_ins')
    .columns(['user_id', 'at'])
    .execute();
};

const createTokens = async (db: Db): Promise<void> => {
  await db.schema
    .createTable('refresh_tokens')
    .ifNotExists()
    .addColumn('hash', 'text', (column) => column.primaryKey())
    .addColumn('user_id', 'integer', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('used_at', 'bigint')
    .execute();
  await db.schema
    .createTable('revoked_tokens')
    .ifNotExists()
    .addColumn('jti', 'text', (column) => column.primaryKey())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
};

const createAudit = async (db: Db, id: 'serial' | 'integer'): Promise<void> => {
  await db.schema
    .createTable('audit')
    .ifNotExists()
    .addColumn('id', id, (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('actor_id', 'integer', (column) => column.notNull())
    .addColumn('user_id', 'integer', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('details', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('audit_of_user')
    .ifNotExists()
    .on('audit')
    .columns(['user_id', 'at'])
    .execute();
};

/** The application's own tables. Yours are there already. */
export const createTables = async ({ db, kind }: Database): Promise<void> => {
  const id = kind === 'postgres' ? 'serial' : 'integer';
  await createUsers(db, id);
  await createSignIns(db, id);
  await createTokens(db);
  await createAudit(db, id);
};

/** Ids are numbers here and texts for presence. */
export const idText = sql<string>`cast(users.id as text)`;
