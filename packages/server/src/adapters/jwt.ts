import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { PresenceError, type Authenticate, type Principal } from '../index.ts';

/** Of a request, what a bearer token is read from: Express, Fastify, Node and fetch requests have it. */
export interface BearerRequest {
  readonly headers:
    { readonly authorization?: string | undefined } | { get(name: string): string | null };
}

type Key = Parameters<typeof jwtVerify>[1];

/** What {@link jwtAuthenticate} takes. */
export interface JwtOptions<Request> {
  /** A secret's bytes, a public key, or what `createRemoteJWKSet` of jose makes of an address. */
  readonly key: Key | JWTVerifyGetKey;
  /** The only algorithms that are taken, as `['RS256']`. A token says itself how it is signed: never believe it. */
  readonly algorithms: readonly [string, ...string[]];
  /** Who must have issued the token: its `iss`. */
  readonly issuer: string | readonly string[];
  /** For whom it must be: its `aud`. */
  readonly audience: string | readonly string[];
  /** By how much the clocks of issuer and server may differ. Default 5000. */
  readonly clockToleranceMs?: number;
  /** Default: the bearer token of the header `Authorization`. */
  readonly tokenOf?: (request: Request) => string | null | undefined;
  /** Default: `sub` is the user, `tenant` the tenant and `roles` the roles. `issuedAt` and `expiresAt` come from the token. */
  readonly principalOf?: (payload: JWTPayload) => Principal | null;
  /** Asked for each token that is valid otherwise, by its `jti` say. */
  readonly isRevoked?: (payload: JWTPayload) => boolean | Promise<boolean>;
}

const DEFAULT_TOLERANCE_MS = 5000;

const bearerOf = ({ headers }: BearerRequest): string | null => {
  const header =
    'get' in headers && typeof headers.get === 'function'
      ? headers.get('authorization')
      : (headers as { readonly authorization?: string }).authorization;
  const [, token] = /^bearer +([\w.~+/=-]+)$/i.exec(header ?? '') ?? [];
  return token ?? null;
};

const namesOf = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.every((name) => typeof name === 'string') ? value : undefined;

const usualPrincipal = ({ sub, tenant, roles }: JWTPayload): Principal | null =>
  sub === undefined
    ? null
    : {
        userId: sub,
        ...(typeof tenant === 'string' && { tenant }),
        ...(namesOf(roles) && { roles: namesOf(roles) }),
      };

/** What is wrong with a token, and not with whoever had to check it: a key server that is down signs nobody out. */
const TOKEN_ERRORS: ReadonlySet<string> = new Set([
  errors.JWTExpired.code,
  errors.JWTClaimValidationFailed.code,
  errors.JWTInvalid.code,
  errors.JWSInvalid.code,
  errors.JWSSignatureVerificationFailed.code,
  errors.JOSEAlgNotAllowed.code,
  errors.JOSENotSupported.code,
  errors.JWKSNoMatchingKey.code,
  errors.JWKSMultipleMatchingKeys.code,
]);

const isWrongToken = (error: unknown): boolean =>
  error instanceof errors.JOSEError && TOKEN_ERRORS.has(error.code);

const invalid = (what: string): PresenceError =>
  new PresenceError('invalid_options', `[presence/jwt] ${what}`);

const isSymmetric = (algorithm: string): boolean => algorithm.startsWith('HS');

const checkOptions = ({ key, algorithms, issuer, audience }: JwtOptions<never>): void => {
  if (key === undefined || key === null) {
    throw invalid('key is missing: pass a secret as bytes, a public key, or a JWK set of jose.');
  }
  if (!Array.isArray(algorithms) || algorithms.length === 0) {
    throw invalid('algorithms is missing: name those that your issuer signs with, as ["RS256"].');
  }
  if (algorithms.some((name) => typeof name !== 'string' || name.toLowerCase() === 'none')) {
    throw invalid('algorithms may not hold "none": anybody could sign such a token.');
  }
  if (algorithms.some(isSymmetric) && !algorithms.every(isSymmetric)) {
    throw invalid(
      `algorithms mixes secrets and public keys: saw ${algorithms.join(', ')}. A public key could then sign.`,
    );
  }
  if (issuer === undefined || issuer.length === 0) {
    throw invalid(
      'issuer is missing: without it a token of any other issuer of this key would do.',
    );
  }
  if (audience === undefined || audience.length === 0) {
    throw invalid('audience is missing: without it a token for another application would do.');
  }
};

const listOf = (names: string | readonly string[]): string[] =>
  typeof names === 'string' ? [names] : [...names];

const instants = ({ iat, exp }: JWTPayload): Pick<Principal, 'issuedAt' | 'expiresAt'> => ({
  ...(iat !== undefined && { issuedAt: iat * 1000 }),
  ...(exp !== undefined && { expiresAt: exp * 1000 }),
});

/**
 * An `authenticate` for applications whose requests carry a JSON Web Token (RFC 7519). Nobody, where
 * there is none, or one that is not valid, ended, revoked, or signed in another way.
 *
 * @throws PresenceError `invalid_options` for options that would take a token which they should not
 * @example
 * createPresence({ authenticate: jwtAuthenticate({ key, algorithms: ['RS256'], issuer, audience }) })
 */
export const jwtAuthenticate = <Request extends BearerRequest>(
  options: JwtOptions<Request>,
): Authenticate<Request> => {
  checkOptions(options);
  const { key, algorithms, issuer, audience, isRevoked } = options;
  const { tokenOf = bearerOf, principalOf = usualPrincipal } = options;
  const rules = {
    algorithms: [...algorithms],
    issuer: listOf(issuer),
    audience: listOf(audience),
    clockTolerance: (options.clockToleranceMs ?? DEFAULT_TOLERANCE_MS) / 1000,
    // A token without an end would be good for ever.
    requiredClaims: ['exp'],
  };

  const payloadOf = async (token: string): Promise<JWTPayload | null> => {
    try {
      return (await jwtVerify(token, key as JWTVerifyGetKey, rules)).payload;
    } catch (error) {
      if (isWrongToken(error)) return null;
      throw error;
    }
  };

  return async (request) => {
    const token = tokenOf(request);
    const payload = token ? await payloadOf(token) : null;
    if (payload === null || (await isRevoked?.(payload)) === true) return null;
    const principal = principalOf(payload);
    return principal && { ...instants(payload), ...principal };
  };
};
