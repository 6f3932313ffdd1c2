import { ERRORS, PresenceError, type ErrorCode } from '@presence/core';
import {
  jsonSchemaOf,
  jsonSchemasOf,
  MESSAGES,
  type JsonSchema,
  type MessageName,
} from '@presence/core/protocol';
import type { Route } from '../http/route.ts';
import { OPERATIONS, type Operation } from './operations.ts';

type Json = Readonly<Record<string, unknown>>;

const refOf = (name: string): string => `#/components/schemas/${name}`;

const names = Object.keys(MESSAGES) as MessageName[];

/** By name where it is one of the messages, as it is else. */
const bodySchema = (schema: unknown): JsonSchema => {
  const name = names.find((one) => MESSAGES[one] === schema);
  return name === undefined ? jsonSchemaOf(schema) : { $ref: refOf(name) };
};

const LOGIN: readonly ErrorCode[] = ['unauthenticated', 'signed_out', 'account_blocked'];
const BODY: readonly ErrorCode[] = ['payload_too_large', 'unsupported_media_type'];

/** What a route can be refused with, in the order of the catalogue: by what its row declares, and by what it is. */
const errorsOf = (route: Route, { errors }: Operation): readonly ErrorCode[] => {
  const codes = new Set<ErrorCode>([...errors, 'rate_limited', 'internal', 'store_unavailable']);
  if (route.login === 'required') for (const code of LOGIN) codes.add(code);
  if (route.login === 'required' && route.method !== 'GET') codes.add('origin_refused');
  if (route.body !== null) for (const code of BODY) codes.add(code);
  // A query that a route does not know is refused as well.
  if (route.login === 'required' || route.body !== null) codes.add('invalid_request');
  return (Object.keys(ERRORS) as ErrorCode[]).filter((code) => codes.has(code));
};

const parameter = (place: string, name: string, schema: unknown, required: boolean): Json => ({
  name,
  in: place,
  required,
  schema,
});

const queryOf = (route: Route): readonly Json[] => {
  if (route.login !== 'required') return [];
  const { properties = {} } = jsonSchemaOf(route.query) as { properties?: Json };
  return Object.entries(properties).map(([name, schema]) =>
    parameter('query', name, schema, false),
  );
};

const pathParameters = ({ path }: Route): readonly Json[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name = '']) =>
    parameter('path', name, { type: 'string', minLength: 1, maxLength: 128 }, true),
  );

const TEXT: Json = Object.freeze({ type: 'string' });

const contentOf = (answer: Operation['answers'][number]): Json => {
  if (answer === null) return {};
  if (answer === 'events') return { content: { 'text/event-stream': { schema: TEXT } } };
  if (answer === 'text') return { content: { 'text/plain': { schema: TEXT } } };
  const schema = answer === 'object' ? { type: 'object' } : { $ref: refOf(answer) };
  return { content: { 'application/json': { schema } } };
};

const answersOf = ({ answers }: Operation): Json =>
  Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => [
      status,
      { description: status === '204' ? 'Done.' : 'The answer.', ...contentOf(answer) },
    ]),
  );

/** One answer for each status, with the codes that it may carry. */
const refusalsOf = (codes: readonly ErrorCode[]): Json => {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { httpStatus } = ERRORS[code];
    byStatus.set(httpStatus, [...(byStatus.get(httpStatus) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, carried]) => [
      status,
      { description: carried.join(', '), ...contentOf('ErrorAnswer') },
    ]),
  );
};

/** Which revision of a user an admin saw. */
const ifMatch = (operation: Operation): readonly Json[] =>
  operation.errors.includes('precondition_failed')
    ? [parameter('header', 'If-Match', { type: 'string' }, false)]
    : [];

/** @throws PresenceError `internal` for a route that nobody described */
const operationOf = ({ method, path }: Route): Operation => {
  const operation = OPERATIONS[`${method} ${path}`];
  if (operation) return operation;
  throw new PresenceError(
    'internal',
    `[presence/openapi] ${method} ${path} is not described. Add it to openapi/operations.ts.`,
  );
};

const described = (route: Route): Json => {
  const operation = operationOf(route);
  const parameters = [...pathParameters(route), ...queryOf(route), ...ifMatch(operation)];
  return {
    summary: operation.summary,
    ...(parameters.length > 0 && { parameters }),
    ...(route.body !== null && {
      requestBody: { content: { 'application/json': { schema: bodySchema(route.body.schema) } } },
    }),
    responses: { ...refusalsOf(errorsOf(route, operation)), ...answersOf(operation) },
    ...(route.login === 'by-the-route' && { security: [] }),
  };
};

/** `/users/:userId` as OpenAPI writes it. */
const template = (path: string): string => path.replaceAll(/:(\w+)/g, '{$1}');

/**
 * The description of these routes in OpenAPI 3.1, with the frames of the realtime protocol among its
 * schemas. Its paths are below wherever the routes are mounted.
 */
export const openApiOf = (routes: readonly Route[]): Json => {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = (paths[template(route.path)] ??= {});
    path[route.method.toLowerCase()] = described(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Presence',
      version: '1',
      description: 'Who signs requests in is up to the application that mounts these routes.',
    },
    servers: [{ url: '.', description: 'Wherever this description is mounted.' }],
    security: [{ application: [] }],
    paths,
    components: {
      securitySchemes: {
        application: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'The login of the application: a header, a cookie, whatever it takes.',
        },
      },
      schemas: jsonSchemasOf(names, refOf),
    },
  };
};
