import type { Account } from '@presence/core';
import type { Presence } from '@presence/server';
import type { SqlDirectory } from '@presence/server/sql';
import type { Request, RequestHandler, Response } from 'express';
import type { Tokens } from '../tokens.ts';
import type { Users } from '../users.ts';

/** What the routes of this application stand on. */
export interface Context {
  readonly users: Users;
  readonly tokens: Tokens;
  readonly presence: Presence<Request>;
  readonly directory: SqlDirectory;
  /** Epoch ms. */
  readonly now: () => number;
}

/** Whose request this is, for routes behind {@link signedIn}. */
export interface Viewer {
  readonly userId: string;
  readonly isAdmin: boolean;
}

/** An error in the form that presence has, so that the page reads both alike. */
export const refuse = (response: Response, status: number, code: string, message: string): void =>
  void response.status(status).json({ error: { code, message } });

/** A handler that may wait: Express 5 passes on what it throws. */
export const answer =
  (run: (request: Request, response: Response) => Promise<unknown>): RequestHandler =>
  async (request, response) =>
    void (await run(request, response));

const ACCOUNT_WORDS: Readonly<Record<Account, string>> = {
  active: 'Your account is active.',
  suspended: 'Your account is suspended.',
  banned: 'Your account is banned.',
  inactive: 'Your account is switched off.',
  pending: 'Your account waits for an admin to let you in.',
};

export const refuseBlocked = (response: Response, account: Account): void =>
  refuse(response, 403, 'account_blocked', ACCOUNT_WORDS[account]);

/** One rule for accounts: the one that presence follows as well. */
export const accountOf = async ({ directory }: Context, userId: string): Promise<Account> =>
  (await directory.account({ tenant: 'default', userId })) ?? 'inactive';

/** The login of presence is the login of everything else: 401 for nobody, 403 for the blocked. */
export const signedIn =
  (context: Context): RequestHandler =>
  async (request, response, next) => {
    const principal = await context.presence.identify(request);
    if (!principal) return refuse(response, 401, 'unauthenticated', 'Sign in first.');
    const account = await accountOf(context, principal.userId);
    if (account !== 'active') return refuseBlocked(response, account);
    const isAdmin = principal.roles?.includes('admin') === true;
    response.locals['viewer'] = { userId: principal.userId, isAdmin } satisfies Viewer;
    next();
  };

export const viewerOf = (response: Response): Viewer => response.locals['viewer'] as Viewer;

/** After {@link signedIn}. */
export const adminsOnly: RequestHandler = (_request, response, next) => {
  if (viewerOf(response).isAdmin) return next();
  refuse(response, 403, 'forbidden', 'This is for admins.');
};
