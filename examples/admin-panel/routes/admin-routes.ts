import { json, Router, type Request, type Response } from 'express';
import type { UserRow } from '../tables.ts';
import { accountOf, adminsOnly, answer, refuse, viewerOf, type Context } from './context.ts';
import { signOutEverywhere } from './sign-out-everywhere.ts';

type Change = Partial<Pick<UserRow, 'status' | 'is_active'>>;

/** What an admin may make of an account, in the columns of this application. */
const CHANGES: Readonly<Record<string, Change>> = {
  active: { status: 'active', is_active: 1 },
  suspended: { status: 'suspended' },
  banned: { status: 'banned' },
  inactive: { is_active: 0 },
};

const setAccount = async (
  context: Context,
  request: Request<{ id: string }>,
  response: Response,
): Promise<void> => {
  const { users, presence, now } = context;
  const { id } = request.params;
  const { userId: actor } = viewerOf(response);
  const { account } = (request.body ?? {}) as { readonly account?: unknown };
  const change = Object.hasOwn(CHANGES, String(account)) ? CHANGES[String(account)] : undefined;
  if (!change) return refuse(response, 400, 'invalid_request', 'There is no such account state.');
  if (id === actor) return refuse(response, 400, 'invalid_request', 'Not your own account.');
  if (!(await users.byId(id))) return refuse(response, 404, 'not_found', 'No such user.');
  await users.setAccount(id, change);
  // The table is asked when somebody comes online; who is there now has to be told.
  await presence.setAccount(id, await accountOf(context, id));
  await users.audit({ at: now(), actor, user: id, action: 'account', details: { account } });
  response.json({ user: await users.byId(id) });
};

/** Beside the admin routes of presence: what concerns this application's own tables. */
export const adminRoutes = (context: Context): Router => {
  const { users, now } = context;
  const body = json({ limit: '1kb' });
  return Router()
    .use(adminsOnly)
    .get(
      '/counts',
      answer(async (_request, response) => response.json(await users.counts())),
    )
    .get(
      '/users/:id',
      answer(async (request, response) => {
        const id = String(request.params['id']);
        const user = await users.byId(id);
        if (!user) return refuse(response, 404, 'not_found', 'No such user.');
        const [signIns, audited] = await Promise.all([users.signIns(id), users.audited(id)]);
        response.json({ user, signIns, audited });
      }),
    )
    .put(
      '/users/:id/account',
      body,
      answer((request, response) =>
        setAccount(context, request as Request<{ id: string }>, response),
      ),
    )
    .post(
      '/users/:id/sign-out',
      answer(async (request, response) => {
        const id = String(request.params['id']);
        if (!(await users.byId(id))) return refuse(response, 404, 'not_found', 'No such user.');
        await signOutEverywhere(context, id);
        const { userId: actor } = viewerOf(response);
        await users.audit({ at: now(), actor, user: id, action: 'sign-out', details: {} });
        response.status(204).end();
      }),
    );
};
