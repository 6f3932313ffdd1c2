import { createHmac, timingSafeEqual } from 'node:crypto';

/** Who signed in, and when: everything that presence wants to know of a login. */
export interface Login {
  readonly userId: string;
  /** Epoch ms. */
  readonly issuedAt: number;
  /** Epoch ms. */
  readonly expiresAt: number;
}

/**
 * The demo's own login: a signed token, and no password. Your application has something better;
 * presence does not mind what it is.
 */
export interface Logins {
  issue(userId: string): string;
  /** `null`: altered, expired, signed out, or not a token at all. */
  read(token: string): Login | null;
  /** The token is good for nothing from now on. */
  end(token: string): void;
}

const VALID_MS = 12 * 60 * 60 * 1000;

const parsed = (payload: string): Login | null => {
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Login;
  } catch {
    return null;
  }
};

/**
 * @param key signs the tokens; whoever knows it can be anybody
 * @param now epoch ms
 */
export const createLogins = (key: string, now: () => number = Date.now): Logins => {
  // Gone after a restart, as is everything else in the memory of this demo.
  const ended = new Map<string, number>();
  const sign = (payload: string): Buffer => createHmac('sha256', key).update(payload).digest();

  const read = (token: string): Login | null => {
    const [payload = '', signature = ''] = token.split('.');
    const given = Buffer.from(signature, 'base64url');
    const expected = sign(payload);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
    const login = parsed(payload);
    return login && login.expiresAt > now() && !ended.has(token) ? login : null;
  };

  return {
    issue: (userId) => {
      const issuedAt = now();
      const login: Login = { userId, issuedAt, expiresAt: issuedAt + VALID_MS };
      const payload = Buffer.from(JSON.stringify(login)).toString('base64url');
      return `${payload}.${sign(payload).toString('base64url')}`;
    },
    read,
    end: (token) => {
      const login = read(token);
      for (const [other, expiresAt] of ended) if (expiresAt <= now()) ended.delete(other);
      if (login) ended.set(token, login.expiresAt);
    },
  };
};
