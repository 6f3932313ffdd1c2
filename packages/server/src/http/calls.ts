import { PresenceError, type Key } from '@presence/core';
import type { Node } from '../context.ts';
import type { Reading } from '../engine/types.ts';
import type { Cursors } from '../security/cursors.ts';
import { resolvePrincipal } from '../security/identify.ts';
import { checkOrigin } from '../security/origin.ts';
import { checkStanding } from '../security/standing.ts';
import { chain, type Soon } from '../soon.ts';
import type { ResolvedPrincipal } from '../types.ts';
import { bodyOf, givenOf, taken } from './body.ts';
import type { Caller, Callers } from './callers.ts';
import type { Limiters } from './limiters.ts';
import { noParams, noQuery, parseQuery } from './query.ts';
import type { OpenCall, OpenRoute, Route, Schema, SignedInRoute } from './route.ts';
import type { HttpAnswer, HttpRequest } from './types.ts';
import { validated } from './validated.ts';

type Params = Readonly<Record<string, string>>;
type AnyRoute = SignedInRoute<unknown, unknown, Params>;

interface Parts {
  readonly node: Node;
  readonly limiters: Limiters;
  readonly cursors: Cursors;
  readonly callers: Callers;
}

/** A route without query is asked without one almost always. */
const queryOf = (query: string, schema: Schema<unknown>): unknown =>
  query === '' && schema === noQuery ? null : validated(schema, parseQuery(query));

const paramsOf = (params: Params, schema: Schema<Params>): Params =>
  schema === noParams ? params : validated(schema, params);

const once = (engine: Node['engine'], key: Key): (() => Promise<Reading>) => {
  let reading: Promise<Reading> | null = null;
  return () => (reading ??= engine.read(key));
};

const takeFrom = (
  limiters: Limiters,
  limit: AnyRoute['limit'],
  caller: Caller,
  policy: ReturnType<Node['engine']['policyOf']>,
): void => {
  if (limit === 'beats') limiters.beats(caller, policy);
  else limiters[limit](caller);
};

/** What came, as the route takes it: known from before, or parsed and checked. */
const bodyFrom = (
  given: unknown,
  request: HttpRequest,
  route: AnyRoute,
  caller: Caller,
): unknown => {
  const { body: rule } = route;
  if (rule === null) return null;
  const known = given instanceof Uint8Array ? rule.recall?.(given, caller) : null;
  return known ?? taken(given, request, rule);
};

/**
 * Starts the read of the caller's record beside the route's own reads, so that they travel to the
 * store together; its verdict comes first.
 */
const runChecked = async (
  principal: ResolvedPrincipal,
  own: () => Promise<Reading>,
  run: () => Soon<HttpAnswer>,
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
): ((route: Route, request: HttpRequest, params: Params) => Soon<HttpAnswer>) => {
  const { node, limiters, callers } = parts;
  const { engine } = node;
  const { origins, authenticate, clock } = node.options;

  const login = ({ raw }: HttpRequest): Soon<ResolvedPrincipal> =>
    chain(authenticate(raw), (given) => {
      const principal = resolvePrincipal(given, clock);
      if (principal) return principal;
      throw new PresenceError('unauthenticated', 'Nobody is signed in. Sign in and try again.');
    });

  const runAs = (
    principal: ResolvedPrincipal,
    route: AnyRoute,
    request: HttpRequest,
    params: Params,
  ): Soon<HttpAnswer> => {
    const caller = callers.of(principal);
    const { key } = caller;
    const policy = engine.policyOf(key.tenant);
    takeFrom(limiters, route.limit, caller, policy);
    const query = queryOf(request.query, route.query);
    const checkedParams = paramsOf(params, route.params);
    return chain(route.body === null ? null : givenOf(request, route.body), (given) => {
      const body = bodyFrom(given, request, route, caller);
      const own = once(engine, key);
      const call = {
        node,
        limiters,
        cursors: parts.cursors,
        callers,
        principal,
        caller,
        key,
        policy,
        query,
        params: checkedParams,
        given,
        body,
        own,
      };
      return route.standing === 'command'
        ? route.run(call)
        : runChecked(principal, own, () => route.run(call));
    });
  };

  const runSignedIn = (route: AnyRoute, request: HttpRequest, params: Params): Soon<HttpAnswer> => {
    checkOrigin(request, origins);
    return chain(login(request), (principal) => runAs(principal, route, request, params));
  };

  const signIn = async (request: HttpRequest): ReturnType<OpenCall<unknown>['signIn']> => {
    checkOrigin(request, origins);
    const principal = await login(request);
    const caller = callers.of(principal);
    limiters.queries(caller);
    checkStanding(principal, (await engine.read(caller.key)).record);
    return { principal, key: caller.key };
  };

  const runOpen = async (route: OpenRoute<unknown>, request: HttpRequest): Promise<HttpAnswer> =>
    route.run({
      node,
      request,
      body: route.body === null ? null : await bodyOf(request, route.body),
      signIn: () => signIn(request),
    });

  return (route, request, params) =>
    route.login === 'required' ? runSignedIn(route, request, params) : runOpen(route, request);
};
