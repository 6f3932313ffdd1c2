import { PresenceError } from '@presence/core';
import { signedInRoute, type Route, type SignedInCall, type SignedInRoute } from '../http/route.ts';
import { checkStanding } from '../security/standing.ts';
import type { AdminAction } from './types.ts';

/** A route that only somebody may call whom the application's `authorize` allows to. */
interface AdminRoute<Body, Query, Params> extends Omit<
  SignedInRoute<Body, Query, Params>,
  'login' | 'standing' | 'limit'
> {
  readonly action: AdminAction;
  /**
   * Whether the caller's standing is judged before anything is done; or beside reads of which nothing remains, so that
   * one wait is enough; or, late, with the last of them. The answer waits for it in any case.
   */
  readonly standing: 'before' | 'beside' | 'late';
}

const targetOf = (tenant: string, params: unknown): { tenant: string; userId?: string } => {
  const { userId } = params as { readonly userId?: string };
  return userId === undefined ? { tenant } : { tenant, userId };
};

/**
 * Asks before anything is done or read. The tenant is the caller's own: an admin of one sees and
 * changes nothing of another.
 */
const checkMay = async (
  { node, principal, params }: SignedInCall<unknown, unknown, unknown>,
  action: AdminAction,
): Promise<void> => {
  const target = targetOf(principal.tenant, params);
  if ((await node.options.authorize(principal, action, target)) === true) return;
  throw new PresenceError('forbidden', `This takes the right to "${action}".`);
};

/** Checks a route against its own types, and puts the check of its right before it. */
export const adminRoute = <Body, Query, Params extends Readonly<Record<string, string>>>({
  action,
  standing,
  run,
  ...route
}: AdminRoute<Body, Query, Params>): Route =>
  signedInRoute<Body, Query, Params>({
    ...route,
    login: 'required',
    // A blocked admin is none.
    standing: standing === 'late' ? 'late' : 'read',
    limit: 'queries',
    run: async (call) => {
      if (standing === 'before') checkStanding(call.principal, (await call.own()).record);
      await checkMay(call, action);
      return run(call);
    },
  });
