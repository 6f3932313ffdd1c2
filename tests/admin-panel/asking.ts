import { expect } from 'vitest';

interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- bodies of many routes, judged by the test
  readonly body: any;
  readonly headers: Headers;
}

/** Somebody without a browser: a login, and requests with its token. */
export interface Visitor {
  readonly userId: string;
  /** The refresh token, as the cookie has it. */
  readonly cookie: string;
  ask(line: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

/** One request. `GET /api/me`. */
export const ask = async (
  url: string,
  line: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> => {
  const [method = '', path = ''] = line.split(' ');
  const response = await fetch(url + path, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return {
    status: response.status,
    body: isJson ? JSON.parse(text) : text,
    headers: response.headers,
  };
};

export const cookieOf = ({ headers }: Answer): string =>
  headers.getSetCookie()[0]?.split(';')[0] ?? '';

export const visit = async (url: string, email: string, password = 'juniper'): Promise<Visitor> => {
  const welcome = await ask(url, 'POST /api/session', { email, password });
  expect(welcome.status, welcome.body?.error?.message).toBe(200);
  const authorization = `Bearer ${String(welcome.body.access)}`;
  return {
    userId: String(welcome.body.user.id),
    cookie: cookieOf(welcome),
    ask: (line, body, headers) => ask(url, line, body, { authorization, ...headers }),
  };
};
