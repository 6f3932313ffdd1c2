import { PresenceError, type Key } from '@presence/core';
import type { Node } from '../context.ts';
import type { Reading } from '../engine/types.ts';
import type { Cursors } from '../security/cursors.ts';
import { resolvePrincipal } from '../security/identify.ts';
import { checkOrigin } from '../security/origin.ts';
import { checkStanding } from '../security/standing.ts';
import type { ResolvedPrincipal } from '../types.ts';
import { bodyOf } from './body.ts';
import type { Limiters } from './limiters.ts';
import { noParams, noQuery, parseQuery } from './query.ts';
import type { OpenRoute, Route, Schema, SignedInRoute } from './route.ts';
import type { HttpAnswer, HttpRequest } from './types.ts';
import { validated } from './validated.ts';

type Params = Readonly<Record<string, string>>;
type AnyRoute = SignedInRoute<unknown, unknown, Params>;

interface Parts {
  readonly node: Node;
  readonly limiters: Limiters;
  readonly cursors: Cursors;
}

const keyOf = ({ tenant, userId }: ResolvedPrincipal): Key => ({ tenant, userId });

/** A route without query is asked without one almost always. */
const queryOf = (query: string, schema: Schema<unknown>): unknown =>
  query === '' && schema === noQuery ? null : validated(schema, parseQuery(query));

const paramsOf = (params: Params, schema: Schema<Params>): Params =>
  schema === noParams ? params : validated(schema, params);

const once = <Value>(make: () => Promise<Value>): (() => Promise<Value>) => {
  let made: Promise<Value> | null = null;
  return () => (made ??= make());
};

const takeFrom = (
  limiters: Limiters,
  limit: AnyRoute['limit'],
  key: Key,
  policy: ReturnType<Node['engine']['policyOf']>,
): void => {
  if (limit === 'beats') limiters.beats(key, policy);
  else limiters[limit](key);
};

/**
 * Starts the read of the caller's record beside the route's own reads, so that they travel to the
 * store together; its verdict comes first.
 */
const runChecked = async (
  principal: ResolvedPrincipal,
  own: () => Promise<Reading>,
  run: () => Promise<HttpAnswer> | HttpAnswer,
): Promise<HttpAnswer> => {
  const reading = own();
  const running = (async () => run())();
  running.catch(() => undefined);
  checkStanding(principal, (await reading).record);
  return await running;
};

/** Everything that stands between a request and its route: origin, login, limit, schema, standing. */
export const createCalls = (
  parts: Parts,
): ((route: Route, request: HttpRequest, params: Params) => Promise<HttpAnswer>) => {
  const { node, limiters } = parts;
  const { engine } = node;
  const { origins, authenticate, clock } = node.options;

  const login = async ({ raw }: HttpRequest): Promise<ResolvedPrincipal> => {
    const principal = resolvePrincipal(await authenticate(raw), clock);
    if (principal) return principal;
    throw new PresenceError('unauthenticated', 'Nobody is signed in. Sign in and try again.');
  };

  const runSignedIn = async (
    route: AnyRoute,
    request: HttpRequest,
    params: Params,
  ): Promise<HttpAnswer> => {
    checkOrigin(request, origins);
    const principal = await login(request);
    const key = keyOf(principal);
    const policy = engine.policyOf(key.tenant);
    takeFrom(limiters, route.limit, key, policy);
    const query = queryOf(request.query, route.query);
    const given = paramsOf(params, route.params);
    const own = once(() => engine.read(key));
    const body = route.body === null ? null : bodyOf(request, route.body);
    const call = {
      node,
      limiters,
      cursors: parts.cursors,
      principal,
      key,
      policy,
      query,
      params: given,
      body: body instanceof Promise ? await body : body,
      own,
    };
    return route.standing === 'command'
      ? await route.run(call)
      : await runChecked(principal, own, () => route.run(call));
  };

  const runOpen = async (route: OpenRoute<unknown>, request: HttpRequest): Promise<HttpAnswer> => {
    return route.run({
      node,
      request,
      body: route.body === null ? null : await bodyOf(request, route.body),
      signIn: async () => {
        checkOrigin(request, origins);
        const principal = await login(request);
        const key = keyOf(principal);
        limiters.queries(key);
        checkStanding(principal, (await engine.read(key)).record);
        return { principal, key };
      },
    });
  };

  return (route, request, params) =>
    route.login === 'required' ? runSignedIn(route, request, params) : runOpen(route, request);
};
