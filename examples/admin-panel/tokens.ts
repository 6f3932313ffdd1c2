import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { SignJWT, type JWTPayload } from 'jose';
import type { Database } from './database.ts';
import type { User } from './users.ts';

const ISSUER = 'https://juniper.example';
const AUDIENCE = 'admin-panel';
const ALGORITHM = 'HS256';

/** A refresh token is good for so long, and for one use. */
export const REFRESH_MS = 14 * 86_400_000;

interface TokenPair {
  /** Goes into the header `Authorization`; the page keeps it in its memory. */
  readonly access: string;
  /** Goes into a cookie that no script reads. */
  readonly refresh: string;
}

interface Spent {
  readonly userId: string;
  /** It was used before: somebody has a copy. */
  readonly isStolen: boolean;
}

/** Access tokens are JWTs and short-lived; refresh tokens are random, stored as hashes, and used once. */
export interface Tokens {
  /** What presence has to know to read an access token. */
  readonly reading: {
    readonly key: Uint8Array;
    readonly algorithms: readonly [string];
    readonly issuer: string;
    readonly audience: string;
  };
  issue(user: Pick<User, 'id' | 'role'>): Promise<TokenPair>;
  /** Spends a refresh token. `null`: ended, or unknown. */
  spend(refresh: string): Promise<Spent | null>;
  /** The blacklist: of a token by its id, of a user by when it was issued. */
  isRevoked(payload: JWTPayload): Promise<boolean>;
  revoke(payload: Pick<JWTPayload, 'jti' | 'exp'>): Promise<void>;
  /** Every token that a user has, of both kinds. */
  revokeAll(userId: string): Promise<void>;
}

interface TokensOptions {
  readonly database: Database;
  /** Signs access tokens; whoever knows it can be anybody. */
  readonly key: string;
  readonly accessMs: number;
  /** Epoch ms. */
  readonly now: () => number;
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

const createRefresh = ({ database: { db }, now }: TokensOptions) => ({
  issue: async (userId: string): Promise<string> => {
    const refresh = randomBytes(32).toString('base64url');
    await db
      .insertInto('refresh_tokens')
      .values({
        hash: hashOf(refresh),
        user_id: Number(userId),
        expires_at: now() + REFRESH_MS,
        used_at: null,
      })
      .execute();
    return refresh;
  },
  spend: async (refresh: string): Promise<Spent | null> => {
    const hash = hashOf(refresh);
    const spent = await db
      .updateTable('refresh_tokens')
      .set({ used_at: now() })
      .where('hash', '=', hash)
      .where('used_at', 'is', null)
      .where('expires_at', '>', now())
      .returning('user_id')
      .executeTakeFirst();
    if (spent) return { userId: String(spent.user_id), isStolen: false };
    const used = await db
      .selectFrom('refresh_tokens')
      .select('user_id')
      .where('hash', '=', hash)
      .where('used_at', 'is not', null)
      .executeTakeFirst();
    return used ? { userId: String(used.user_id), isStolen: true } : null;
  },
});

export const createTokens = (options: TokensOptions): Tokens => {
  const { database, accessMs, now } = options;
  const { db } = database;
  const key = new TextEncoder().encode(options.key);

  const refreshes = createRefresh(options);

  return {
    reading: { key, algorithms: [ALGORITHM], issuer: ISSUER, audience: AUDIENCE },
    issue: async ({ id, role }) => {
      // With its fraction: a login within the second of a sign-out is the newer one.
      const seconds = now() / 1000;
      const access = await new SignJWT({ roles: role === 'admin' ? ['admin'] : [] })
        .setProtectedHeader({ alg: ALGORITHM })
        .setSubject(id)
        .setJti(randomUUID())
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + accessMs / 1000)
        .sign(key);
      return { access, refresh: await refreshes.issue(id) };
    },
    spend: refreshes.spend,
    isRevoked: async ({ jti = '', sub, iat = 0 }) => {
      const listed = await db
        .selectFrom('revoked_tokens')
        .select('jti')
        .where('jti', '=', jti)
        .executeTakeFirst();
      const user = await db
        .selectFrom('users')
        .select('signed_out_at')
        .where('id', '=', Number(sub))
        .executeTakeFirst();
      return listed !== undefined || !user || Number(user.signed_out_at ?? 0) > iat * 1000;
    },
    revoke: async ({ jti = '', exp = 0 }) => {
      await db.deleteFrom('revoked_tokens').where('expires_at', '<', now()).execute();
      await db
        .insertInto('revoked_tokens')
        .values({ jti, expires_at: Math.ceil(exp * 1000) })
        .onConflict((conflict) => conflict.column('jti').doNothing())
        .execute();
    },
    revokeAll: async (userId) => {
      const id = Number(userId);
      await db.updateTable('users').set({ signed_out_at: now() }).where('id', '=', id).execute();
      await db.deleteFrom('refresh_tokens').where('user_id', '=', id).execute();
    },
  };
};
