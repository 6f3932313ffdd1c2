import { PresenceError, type Clock } from '@presence/core';
import { idSchema, LIMITS } from '@presence/core/protocol';
import type { Node } from '../context.ts';
import { DEFAULT_TENANT } from '../tenant/tenant.ts';
import type { Principal, ResolvedPrincipal } from '../types.ts';

/** The characters of almost every id, as ones in a table of ASCII. */
const PLAIN = Uint8Array.from({ length: 128 }, (_, code) =>
  /[\w.@:+-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/** What almost every id looks like; anything else is for the schema to judge. Asked on each request. */
const isPlainId = (value: string): boolean => {
  const { length } = value;
  if (length === 0 || length > LIMITS.idLength) return false;
  for (let index = 0; index < length; index += 1) {
    if (PLAIN[value.charCodeAt(index)] !== 1) return false;
  }
  return true;
};

const isId = (value: unknown): boolean =>
  typeof value === 'string' && (isPlainId(value) || idSchema.safeParse(value).success);

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
  if (tenant !== DEFAULT_TENANT && !isId(tenant))
    throw wrongPrincipal(`tenant must be ${id}, saw a ${typeof tenant}`);
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
