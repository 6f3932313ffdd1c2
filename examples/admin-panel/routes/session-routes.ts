import { decodeJwt } from 'jose';
import { json, Router, type Request, type Response } from 'express';
import { hashPassword, isPassword } from '../passwords.ts';
import { REFRESH_MS } from '../tokens.ts';
import type { SignInRow } from '../tables.ts';
import type { User } from '../users.ts';
import { accountOf, answer, refuse, refuseBlocked, type Context } from './context.ts';
import { signOutEverywhere } from './sign-out-everywhere.ts';

const COOKIE = 'refresh';

/** Only these routes are sent the cookie, and only from pages of this site. */
const COOKIE_OPTIONS = { httpOnly: true, sameSite: 'strict', path: '/api/session' } as const;

const cookieOf = (request: Request): string =>
  /(?:^|; )refresh=([\w-]+)/.exec(request.get('cookie') ?? '')?.[1] ?? '';

const bearerOf = (request: Request): string => request.get('authorization')?.slice(7) ?? '';

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Both tokens, the one in the answer and the other in the cookie. */
const welcome = async (
  { tokens }: Context,
  response: Response,
  { id, name, email, title, role }: User,
): Promise<void> => {
  const { access, refresh } = await tokens.issue({ id, role });
  response
    .cookie(COOKIE, refresh, { ...COOKIE_OPTIONS, maxAge: REFRESH_MS })
    .json({ access, user: { id, name, email, title, role } });
};

const signIn = async (context: Context, request: Request, response: Response): Promise<void> => {
  const { users, presence, now } = context;
  const { email, password } = (request.body ?? {}) as Readonly<Record<string, unknown>>;
  const user = await users.byEmail(textOf(email));
  const isThem = user !== null && (await isPassword(textOf(password), user.password));
  const note = (outcome: SignInRow['outcome']): Promise<void> => {
    const agent = request.get('user-agent')?.slice(0, 200) ?? '';
    return users.noteSignIn(user?.id ?? '0', now(), { outcome, address: request.ip ?? '', agent });
  };
  if (!isThem) {
    if (user) await note('wrong-password');
    return refuse(response, 401, 'wrong_password', 'E-mail and password do not match.');
  }
  const account = await accountOf(context, user.id);
  if (account !== 'active') {
    await note('blocked');
    return refuseBlocked(response, account);
  }
  await note('ok');
  await presence.signIn(user.id);
  await welcome(context, response, user);
};

/** A fresh pair for whoever has a refresh token that nobody used before. */
const renew = async (context: Context, request: Request, response: Response): Promise<void> => {
  const refresh = cookieOf(request);
  // A page that is opened asks this to find out. Nobody is not an error.
  if (refresh === '') return void response.status(204).end();
  const spent = await context.tokens.spend(refresh);
  // Nobody knows who of the two is the thief, so both have to sign in again.
  if (spent?.isStolen) await signOutEverywhere(context, spent.userId);
  const user = spent && !spent.isStolen ? await context.users.byId(spent.userId) : null;
  if (!user) {
    response.clearCookie(COOKIE, COOKIE_OPTIONS);
    return refuse(response, 401, 'unauthenticated', 'Sign in first.');
  }
  await welcome(context, response, user);
};

/**
 * The tokens are good for nothing from now on. A page's session ended when its client signed out; what is left is the one
 * of requests without a client.
 */
const signOut = async (context: Context, request: Request, response: Response): Promise<void> => {
  const { tokens, presence } = context;
  const principal = await presence.identify(request);
  await tokens.spend(cookieOf(request));
  if (principal) {
    await tokens.revoke(decodeJwt(bearerOf(request)));
    await presence.signOut(principal.userId, { sessionId: 'touch' });
  }
  response.clearCookie(COOKIE, COOKIE_OPTIONS).status(204).end();
};

const SHORTEST_PASSWORD = 8;

/** Whoever signs up waits until an admin lets them in. */
const signUp = async (context: Context, request: Request, response: Response): Promise<void> => {
  const { users, now } = context;
  const given = (request.body ?? {}) as Readonly<Record<string, unknown>>;
  const [name, email, password] = [given['name'], given['email'], given['password']].map(textOf);
  if (!name?.trim() || !/^\S+@\S+$/.test(email ?? '')) {
    return refuse(response, 400, 'invalid_request', 'A name and an e-mail address are needed.');
  }
  if ((password ?? '').length < SHORTEST_PASSWORD) {
    return refuse(response, 400, 'invalid_request', 'The password needs 8 characters or more.');
  }
  const row = { full_name: name.trim(), email: email!, password: await hashPassword(password!) };
  if (!(await users.create(row, now()))) {
    return refuse(response, 409, 'taken', 'Somebody has this e-mail address already.');
  }
  response.status(201).json({});
};

/** Signing in, staying signed in, and signing out. Mounted where no request counts as presence yet. */
export const sessionRoutes = (context: Context): Router => {
  const body = json({ limit: '1kb' });
  const run = (of: typeof signIn) => answer((request, response) => of(context, request, response));
  return Router()
    .post('/session', body, run(signIn))
    .post('/session/renew', run(renew))
    .delete('/session', run(signOut))
    .post('/accounts', body, run(signUp));
};
