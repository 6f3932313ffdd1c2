import type { MetricsRegistry } from '@presence/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApps, type RunningApp } from './apps.ts';
import { call, type Answered, type Call } from './call.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

const TOKEN = 'a token for the scraper';

/** Takes the metrics of every application, and tells of none. */
const registry: MetricsRegistry = {
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
  metrics: async () => '# HELP a Of the test.\na 1\n',
  registerMetric: () => undefined,
  getSingleMetric: () => undefined,
  removeSingleMetric: () => undefined,
};

/** What earlier answers of the same application said. */
type Said = Readonly<Record<string, string>>;

interface Step {
  /** Method and path below the mount. */
  readonly line: string;
  readonly as?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown | ((said: Said) => unknown);
  readonly status: number;
  /** Where the framework itself sees another path: a `Request` has `..` resolved. */
  readonly isAnotherFor?: string;
  /** Remembers these fields of the answer for later steps. */
  readonly keep?: readonly string[];
}

const SCRIPT: readonly Step[] = [
  {
    line: 'POST /heartbeat',
    body: { device: 'web' },
    status: 200,
    keep: ['sessionId', 'leaveToken'],
  },
  { line: 'POST /heartbeat', body: ({ sessionId }: Said) => ({ sessionId, seq: 1 }), status: 200 },
  {
    line: 'POST /heartbeat/',
    body: ({ sessionId }: Said) => ({ sessionId, seq: 2, hidden: true }),
    status: 200,
  },
  { line: 'POST /heartbeat', body: { sessionId: 'unknown', seq: 1 }, status: 409 },
  { line: 'POST /heartbeat', as: 'ben', status: 200 },
  { line: 'POST /heartbeat', as: null, body: {}, status: 401 },
  { line: 'GET /me', status: 200 },
  { line: 'GET /me/', status: 200 },
  { line: 'HEAD /me', status: 200 },
  { line: 'OPTIONS /me/status', as: null, status: 204 },
  {
    line: 'PUT /me/status',
    body: { status: 'busy', message: 'Schön 👩‍💻', forMs: 60_000 },
    status: 200,
  },
  { line: 'GET /users/ada', as: 'ben', status: 200 },
  { line: 'GET /users/%61da', as: 'ben', status: 200 },
  { line: 'GET /users/a%2Fb', status: 200 },
  { line: 'GET /users/a%252Fb', status: 200 },
  { line: 'GET /users/%E7%94%A8', status: 200 },
  { line: 'GET /users/a/b', status: 404 },
  { line: 'GET /users/..', status: 200, isAnotherFor: 'Hono' },
  { line: 'POST /users/query', body: { userIds: ['ada', 'ben', 'nobody'] }, status: 200 },
  { line: 'GET /online', status: 200 },
  { line: 'GET /online?limit=1', status: 200 },
  { line: 'GET /online/?limit=1', status: 200 },
  { line: 'GET /online?limit=1&limit=2', status: 400 },
  { line: 'GET /online?limit[]=1', status: 400 },
  { line: 'GET /online?cursor=ada', status: 400 },
  { line: 'GET /online/count', status: 200 },
  { line: 'GET /online/count?', status: 200 },
  { line: 'GET /online/count?a=1', status: 400 },
  { line: 'PUT /me/visibility', body: { visibility: 'hidden' }, status: 200 },
  { line: 'GET /users/ada', as: 'ben', status: 200 },
  { line: 'DELETE /me/status', status: 200 },
  { line: 'DELETE /me/status', body: { ignored: true }, status: 200 },
  { line: 'POST /ticket', status: 200 },
  { line: 'POST /ticket', body: {}, headers: { ...JSON_TYPE, cookie: 'a=b' }, status: 403 },
  {
    line: 'POST /ticket',
    body: {},
    headers: { ...JSON_TYPE, cookie: 'a=b', 'sec-fetch-site': 'same-origin' },
    status: 200,
  },
  { line: 'PATCH /me', body: {}, status: 405 },
  { line: 'GET /heartbeat', status: 405 },
  { line: 'GET /nothing', status: 404 },
  { line: 'GET ', status: 404 },
  { line: 'GET /', status: 404 },
  {
    line: 'POST /leave',
    as: null,
    headers: { 'content-type': 'text/plain;charset=UTF-8' },
    body: ({ sessionId, leaveToken }: Said) => ({ sessionId, leaveToken, reason: 'closed' }),
    status: 204,
  },
  { line: 'POST /heartbeat', body: ({ sessionId }: Said) => ({ sessionId, seq: 3 }), status: 409 },
  { line: 'POST /leave', body: { sessionId: 'unknown', reason: 'signed-out' }, status: 204 },
  { line: 'GET /health/live', as: null, status: 200 },
  { line: 'GET /health/ready', as: null, status: 200 },
  { line: 'GET /openapi.json', as: null, status: 200 },
  { line: 'GET /metrics', as: null, status: 401 },
  { line: 'GET /metrics', headers: { authorization: `Bearer ${TOKEN}` }, status: 200 },
  { line: 'GET /admin/users', status: 403 },
  { line: 'GET /admin/users', as: 'root', status: 200 },
  { line: 'GET /admin/users/online?limit=1', as: 'root', status: 200 },
  { line: 'GET /admin/users/ada', as: 'root', status: 200 },
  { line: 'PUT /admin/users/ada/status', as: 'root', body: { status: 'dnd' }, status: 200 },
  {
    line: 'PUT /admin/users/ada/status',
    as: 'root',
    headers: { 'if-match': '"1"' },
    body: { status: 'away' },
    status: 412,
  },
  { line: 'DELETE /admin/users/ada/status', as: 'root', status: 200 },
  { line: 'PUT /admin/users/ben/account', as: 'root', body: { account: 'banned' }, status: 200 },
  { line: 'POST /admin/users/ben/disconnect', as: 'root', body: {}, status: 200 },
  { line: 'GET /admin/stats', as: 'root', status: 200 },
  { line: 'POST /admin/reap', as: 'root', body: {}, status: 200 },
  { line: 'GET /admin/users/ben/history', status: 403 },
  { line: 'GET /admin/users/ben/history?limit=1', as: 'root', status: 200 },
  { line: 'GET /admin/users/ben/history?limit=-1', as: 'root', status: 400 },
  { line: 'GET /admin/users/ben/history/export', as: 'root', status: 200 },
  { line: 'GET /admin/users/ben/insights?days=2&timeZone=Europe/Berlin', as: 'root', status: 200 },
  { line: 'GET /admin/insights?days=2', as: 'root', status: 200 },
  { line: 'DELETE /admin/users/ben/history', as: 'root', status: 200 },
];

const callOf = ({ line, as = 'ada', headers, body }: Step, said: Said): Call => {
  const [method = '', path = ''] = line.split(' ');
  const content: unknown =
    typeof body === 'function' ? (body as (said: Said) => unknown)(said) : body;
  return {
    method,
    path: `/presence${path}`,
    headers: {
      ...(as !== null && { 'x-user': as }),
      ...(content !== undefined && JSON_TYPE),
      ...headers,
    },
    ...(content !== undefined && { body: JSON.stringify(content) }),
  };
};

const COMPARED = [
  'content-type',
  'content-length',
  'cache-control',
  'x-content-type-options',
  'allow',
  'retry-after',
  'set-cookie',
  'etag',
  'vary',
  'location',
];

/** Frameworks may leave the length of what they do not send away. */
const comparedOf = ({ line }: Step): readonly string[] =>
  line.startsWith('HEAD') ? COMPARED.filter((name) => name !== 'content-length') : COMPARED;

const play = async (app: RunningApp): Promise<readonly Answered[]> => {
  const answers: Answered[] = [];
  let said: Said = {};
  for (const step of SCRIPT) {
    const answered = await call(app.url, callOf(step, said));
    const { keep = [] } = step;
    const kept = keep.length === 0 ? {} : (JSON.parse(answered.text) as Said);
    said = { ...said, ...Object.fromEntries(keep.map((name) => [name, kept[name] ?? ''])) };
    answers.push(answered);
    await app.clock.advance(1000);
  }
  return answers;
};

const told = ({ status, headers, text }: Answered, step: Step) => ({
  line: step.line,
  status,
  headers: Object.fromEntries(comparedOf(step).map((name) => [name, headers[name]])),
  text,
});

describe('the same requests get the same answers from every framework', () => {
  let apps: readonly RunningApp[] = [];
  const played = new Map<string, readonly Answered[]>();

  beforeAll(async () => {
    apps = await startApps({
      admin: true,
      history: {},
      openapi: true,
      metrics: { registry, route: { token: TOKEN } },
      security: {
        authorize: ({ userId }, action) => !action.startsWith('admin:') || userId === 'root',
      },
    });
    for (const app of apps) played.set(app.name, await play(app));
  });
  afterAll(() => Promise.all(apps.map((app) => app.close())));

  it.each(SCRIPT.map((step, index) => [index, step.line, step.status] as const))(
    '%i: %s is %i',
    (index, _line, status) => {
      const step = SCRIPT[index] as Step;
      const answers = [...played]
        .filter(([name]) => name !== step.isAnotherFor)
        .map(([name, all]) => [name, told(all[index] as Answered, step)] as const);
      const [, expected] = answers[0] ?? [];
      expect(expected?.status).toBe(status);
      for (const [name, answer] of answers) expect([name, answer]).toEqual([name, expected]);
    },
  );

  it('a path that is no UTF-8 is 400, also where the framework itself refuses it', async () => {
    for (const app of apps) {
      const headers = { 'x-user': 'ada' };
      const answered = await call(app.url, { method: 'GET', path: '/presence/users/%ff', headers });
      expect([app.name, answered.status]).toEqual([app.name, 400]);
    }
  });
});
