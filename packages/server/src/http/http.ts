import { isPresenceError, PresenceError } from '@presence/core';
import type { Node } from '../context.ts';
import { noteRefusal } from '../metrics/refusals.ts';
import { attempt, type Soon } from '../soon.ts';
import { createCursors } from '../security/cursors.ts';
import { createFailure, options } from './answers.ts';
import { createCallers } from './callers.ts';
import { createCalls } from './calls.ts';
import { createLimiters } from './limiters.ts';
import { createRouter } from './router.ts';
import { tableOf } from './table.ts';
import type { HttpAnswer, HttpRequest } from './types.ts';

/** The routes of one node, below wherever an adapter mounts them. */
export interface Http<Request> {
  /** Never throws or rejects: what goes wrong is an answer. */
  handle(request: HttpRequest<Request>): Soon<HttpAnswer>;
}

const notFound = (): PresenceError =>
  new PresenceError('not_found', 'There is no such route. Look at the path below the mount.');

const notAllowed = (allow: string): PresenceError =>
  new PresenceError('method_not_allowed', `This route takes ${allow}.`);

/** Limits by address, finds the route, and gives every outcome its answer. */
export const createHttp = <Request>(node: Node<Request>): Http<Request> => {
  const { logger, clock, secret } = node.options;
  const failure = createFailure(logger, clock);
  const find = createRouter(tableOf(node.options));
  const limiters = createLimiters(node.options);
  const run = createCalls({
    node: node as Node,
    limiters,
    cursors: createCursors({ secret }),
    callers: createCallers(),
  });

  const answer = (request: HttpRequest<Request>): Soon<HttpAnswer> => {
    limiters.address(request);
    const matched = find(request.path, request.method);
    if (!matched) throw notFound();
    if (matched.route) return run(matched.route, request, matched.params);
    if (request.method === 'OPTIONS') return options(matched.allow());
    const allow = matched.allow();
    return failed(notAllowed(allow), { allow });
  };

  const failed = (error: unknown, headers?: HttpAnswer['headers']): HttpAnswer => {
    noteRefusal(node.tally, 'http', isPresenceError(error) ? error.code : 'internal');
    return failure(error, headers);
  };

  return {
    handle: (request) =>
      attempt(
        () => answer(request),
        (error) => failed(error),
      ),
  };
};
