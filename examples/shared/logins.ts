import { createHmac, timingSafeEqual } from 'node:crypto';

/** When somebody signed in, and for how long. */
interface Times {
  /** Epoch ms. */
  readonly issuedAt: number;
  /** Epoch ms. */
  readonly expiresAt: number;
}

/** Who signed in, and when: everything that presence wants to know of a login. */
export type Login<Who> = Who & Times;

/**
 * The demo's own login: a signed token, and no password. Your application has something better;
 * presence does not mind what it is.
 */
export interface Logins<Who> {
  issue(who: Who): string;
  /** `null`: altered, expired, signed out, or not a token at all. */
  read(token: string): Login<Who> | null;
  /** The token is good for nothing from now on. */
  end(token: string): void;
}

/** For how long a login is good. */
export const VALID_MS = 12 * 60 * 60 * 1000;

const parsed = <Who>(payload: string): Login<Who> | null => {
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Login<Who>;
  } catch {
    return null;
  }
};

/**
 * @param key signs the tokens; whoever knows it can be anybody
 * @param now epoch ms
 */
export const createLogins = <Who extends object>(
  key: string,
  now: () => number = Date.now,
): Logins<Who> => {
  // Gone after a restart, as is everything else in the memory of this demo.
  const ended = new Map<string, number>();
  const sign = (payload: string): Buffer => createHmac('sha256', key).update(payload).digest();

  const read = (token: string): Login<Who> | null => {
    const [payload = '', signature = ''] = token.split('.');
    const given = Buffer.from(signature, 'base64url');
    const expected = sign(payload);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
    const login = parsed<Who>(payload);
    return login && login.expiresAt > now() && !ended.has(token) ? login : null;
  };

  return {
    issue: (who) => {
      const issuedAt = now();
      const login: Login<Who> = { ...who, issuedAt, expiresAt: issuedAt + VALID_MS };
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
