import type { Key, Policy } from '@presence/core';
import type { Node } from '../context.ts';
import type { Reading } from '../engine/types.ts';
import type { Soon } from '../soon.ts';
import type { ResolvedPrincipal } from '../types.ts';
import type { Cursors } from '../security/cursors.ts';
import type { Caller, Callers } from './callers.ts';
import type { Limiters } from './limiters.ts';
import type { HttpAnswer, HttpRequest } from './types.ts';

/** Says whether a value is what a route takes, and gives it typed: a zod schema. */
export interface Schema<Value> {
  safeParse(
    value: unknown,
  ):
    | { readonly success: true; readonly data: Value }
    | { readonly success: false; readonly error: { readonly issues: readonly SchemaIssue[] } };
}

export interface SchemaIssue {
  readonly code?: string | undefined;
  readonly keys?: readonly string[];
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** How a route takes a body. */
export interface BodyRule<Body> {
  readonly schema: Schema<Body>;
  /** Says yes faster than the schema to what the schema takes as it is; a no asks the schema. */
  readonly isPlain?: (value: unknown) => value is Body;
  /** Knows a body by its bytes, from an earlier request of the same caller; `null`: it is parsed. */
  readonly recall?: (bytes: Uint8Array, caller: Caller) => Body | null;
  readonly maxBytes: number;
  /** `sendBeacon` sends JSON as `text/plain`. */
  readonly acceptsText: boolean;
}

/** What a route of somebody signed in works with. */
export interface SignedInCall<Body, Query, Params> {
  readonly node: Node;
  readonly limiters: Limiters;
  readonly cursors: Cursors;
  readonly principal: ResolvedPrincipal;
  /** Whoever is signed in, with what this node remembers of their requests. */
  readonly caller: Caller;
  readonly callers: Callers;
  /** The caller's own record. */
  readonly key: Key;
  readonly policy: Policy;
  readonly body: Body;
  readonly request: HttpRequest;
  /** The body as it came: bytes, or what the application's own parser made of them. */
  readonly sent: unknown;
  readonly query: Query;
  readonly params: Params;
  /**
   * The caller's own record as it was read to check that they may call at all; where
   * {@link SignedInRoute.standing} leaves that to the command, reads it when first asked.
   */
  own(): Promise<Reading>;
  /** Reads users, and with them the caller's own record where nobody asked for it yet. */
  readBeside(keys: readonly Key[]): Promise<readonly Reading[]>;
}

/** The same before anybody is known. */
export interface OpenCall<Body> {
  readonly node: Node;
  readonly request: HttpRequest;
  readonly body: Body;
  /** Checks origin, login and standing, as for a route that needs a login. */
  signIn(): Promise<{ readonly principal: ResolvedPrincipal; readonly key: Key }>;
}

interface Common<Body> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the mount; `:name` takes one segment. */
  readonly path: string;
  /** `null`: the route takes none, and what comes is not read. */
  readonly body: BodyRule<Body> | null;
}

/** A route that only somebody signed in may call. */
export interface SignedInRoute<Body, Query, Params> extends Common<Body> {
  readonly login: 'required';
  /**
   * Who refuses blocked accounts and logins that were signed out: a read of the caller's record
   * beside the route's own reads; the same where the route asks for it with the last of them, and if not,
   * behind it; or the command that the route executes.
   */
  readonly standing: 'read' | 'late' | 'command';
  /** Which of the caller's buckets a call takes from, besides the one of the address. */
  readonly limit: 'beats' | 'tickets' | 'queries';
  readonly query: Schema<Query>;
  readonly params: Schema<Params>;
  run(call: SignedInCall<Body, Query, Params>): Soon<HttpAnswer>;
}

/** A route that proves its right in another way than by a login. */
export interface OpenRoute<Body> extends Common<Body> {
  readonly login: 'by-the-route';
  /** Only the bucket of the address. */
  readonly limit: 'address';
  run(call: OpenCall<Body>): Soon<HttpAnswer>;
}

/**
 * One row of the table. Every field is required: a route without a declared check, limit and
 * schema does not compile.
 */
export type Route =
  SignedInRoute<unknown, unknown, Readonly<Record<string, string>>> | OpenRoute<unknown>;

/** Checks a route against its own types, then forgets them for the table. */
export const signedInRoute = <Body, Query, Params extends Readonly<Record<string, string>>>(
  route: SignedInRoute<Body, Query, Params>,
): Route => route;

/** The same for a route that needs no login. */
export const openRoute = <Body>(route: OpenRoute<Body>): Route => route;
