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
import type { OpenCall, OpenRoute, Route, Schema, SignedInCall, SignedInRoute } from './route.ts';
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

type Own = Pick<SignedInCall<unknown, unknown, unknown>, 'own' | 'readBeside'>;

const createOwn = (engine: Node['engine'], key: Key): Own => {
  let reading: Promise<Reading> | null = null;
  return {
    own: () => (reading ??= engine.read(key)),
    readBeside: async (keys) => {
      if (reading) return engine.readMany(keys);
      const all = engine.readMany([...keys, key]);
      reading = all.then((readings) => readings.at(-1)!);
      reading.catch(() => undefined);
      return (await all).slice(0, -1);
    },
  };
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
 * store together, or leaves that to the route; its verdict comes first.
 */
const runChecked = async (
  call: SignedInCall<unknown, unknown, Params>,
  route: AnyRoute,
): Promise<HttpAnswer> => {
  const { principal, own } = call;
  const isLate = route.standing === 'late';
  const reading = isLate ? null : own();
  const running = (async () => route.run(call))();
  const ended = running.catch(() => undefined);
  if (isLate) await ended;
  checkStanding(principal, (await (reading ?? own())).record);
  return await running;
};

type Login = (request: HttpRequest) => Soon<ResolvedPrincipal>;

const createLogin =
  ({ options: { authenticate, clock } }: Node): Login =>
  ({ raw }) =>
    chain(authenticate(raw), (given) => {
      const principal = resolvePrincipal(given, clock);
      if (principal) return principal;
      throw new PresenceError('unauthenticated', 'Nobody is signed in. Sign in and try again.');
    });

const createSignedInCalls = (
  { node, limiters, cursors, callers }: Parts,
  login: Login,
): ((route: AnyRoute, request: HttpRequest, params: Params) => Soon<HttpAnswer>) => {
  const { engine } = node;

  const runAs = (
    principal: ResolvedPrincipal,
    route: AnyRoute,
    request: HttpRequest,
    given: Params,
  ): Soon<HttpAnswer> => {
    const caller = callers.of(principal);
    const { key } = caller;
    const policy = engine.policyOf(key.tenant);
    takeFrom(limiters, route.limit, caller, policy);
    const query = queryOf(request.query, route.query);
    const params = paramsOf(given, route.params);
    return chain(route.body === null ? null : givenOf(request, route.body), (sent) => {
      const body = bodyFrom(sent, request, route, caller);
      const { own, readBeside } = createOwn(engine, key);
      // Written out: this is made for each heartbeat, and a spread costs more than the rest of it.
      const call = {
        node,
        request,
        limiters,
        cursors,
        callers,
        principal,
        caller,
        key,
        policy,
        query,
        params,
        sent,
        body,
        own,
        readBeside,
      };
      return route.standing === 'command' ? route.run(call) : runChecked(call, route);
    });
  };

  return (route, request, params) => {
    checkOrigin(request, node.options.origins);
    return chain(login(request), (principal) => runAs(principal, route, request, params));
  };
};

const createOpenCalls = (
  { node, limiters, callers }: Parts,
  login: Login,
): ((route: OpenRoute<unknown>, request: HttpRequest) => Promise<HttpAnswer>) => {
  const signIn = async (request: HttpRequest): ReturnType<OpenCall<unknown>['signIn']> => {
    checkOrigin(request, node.options.origins);
    const principal = await login(request);
    const caller = callers.of(principal);
    limiters.queries(caller);
    checkStanding(principal, (await node.engine.read(caller.key)).record);
    return { principal, key: caller.key };
  };

  return async (route, request) =>
    route.run({
      node,
      request,
      body: route.body === null ? null : await bodyOf(request, route.body),
      signIn: () => signIn(request),
    });
};

/** Everything that stands between a request and its route: origin, login, limit, schema, standing. */
export const createCalls = (
  parts: Parts,
): ((route: Route, request: HttpRequest, params: Params) => Soon<HttpAnswer>) => {
  const login = createLogin(parts.node);
  const runSignedIn = createSignedInCalls(parts, login);
  const runOpen = createOpenCalls(parts, login);
  return (route, request, params) =>
    route.login === 'required' ? runSignedIn(route, request, params) : runOpen(route, request);
};
