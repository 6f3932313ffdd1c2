import { PresenceError, type Clock } from '@presence/core';
import { idSchema } from '@presence/core/protocol';
import type { Node } from '../context.ts';
import { DEFAULT_TENANT } from '../tenant/tenant.ts';
import type { Principal, ResolvedPrincipal } from '../types.ts';

/** What almost every id looks like; anything else is for the schema to judge. */
const PLAIN_ID = /^[\w.@:+-]{1,128}$/;

const isId = (value: unknown): boolean =>
  typeof value === 'string' && (PLAIN_ID.test(value) || idSchema.safeParse(value).success);

const isInstant = (value: unknown): boolean =>
  value === undefined || (typeof value === 'number' && Number.isFinite(value));

const isNames = (value: unknown): boolean =>
  value === undefined || (Array.isArray(value) && value.every((name) => typeof name === 'string'));

/** The application's mistake, in words for its log; clients learn nothing of it. */
const wrongPrincipal = (what: string): PresenceError =>
  new PresenceError(
    'invalid_options',
    `[presence/authenticate] The principal is not usable: ${what}. Return { userId, tenant?, roles?, rooms?, issuedAt?, expiresAt? } or null from authenticate.`,
  );

const checked = (principal: Principal): ResolvedPrincipal => {
  const { userId, tenant = DEFAULT_TENANT, issuedAt, expiresAt, roles, rooms } = principal;
  const id = '1 to 128 characters without control characters';
  if (!isId(userId)) throw wrongPrincipal(`userId must be ${id}, saw a ${typeof userId}`);
  if (!isId(tenant)) throw wrongPrincipal(`tenant must be ${id}, saw a ${typeof tenant}`);
  if (!isInstant(issuedAt)) throw wrongPrincipal('issuedAt must be epoch milliseconds');
  if (!isInstant(expiresAt)) throw wrongPrincipal('expiresAt must be epoch milliseconds');
  if (!isNames(roles)) throw wrongPrincipal('roles must be a list of names');
  if (!isNames(rooms)) throw wrongPrincipal('rooms must be a list of names');
  return principal.tenant === undefined
    ? { ...principal, tenant }
    : (principal as ResolvedPrincipal);
};

/**
 * What `authenticate` answered, checked and filled in.
 *
 * @throws PresenceError `invalid_options`
 */
export const resolvePrincipal = (
  given: Principal | null | undefined,
  clock: Clock,
): ResolvedPrincipal | null => {
  if (given === null || given === undefined) return null;
  if (typeof given !== 'object') throw wrongPrincipal(`saw a ${typeof given}`);
  const principal = checked(given);
  const { expiresAt } = principal;
  return expiresAt !== undefined && expiresAt <= clock.now() ? null : principal;
};

interface Identifying<Request> {
  readonly options: Pick<Node<Request>['options'], 'authenticate' | 'clock'>;
}

/**
 * Whose request this is, in the words of the application's `authenticate`; `null` for nobody and
 * for a login that has ended.
 *
 * @throws PresenceError `invalid_options` for a principal that cannot be used; whatever
 *   `authenticate` throws. Neither is for clients: over HTTP both are logged and become 500 `internal`.
 */
export const identify = async <Request>(
  { options: { authenticate, clock } }: Identifying<Request>,
  raw: Request,
): Promise<ResolvedPrincipal | null> => resolvePrincipal(await authenticate(raw), clock);
