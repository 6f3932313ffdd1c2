import { PresenceError } from '@presence/core';

/** The parts of a request that say which page sent it. */
export interface FromPage {
  readonly method: string;
  header(name: string): string | undefined;
}

const refused = (what: string): PresenceError =>
  new PresenceError(
    'origin_refused',
    `A write with cookies must come from a page of this application: ${what}. List other origins in security.origins, or sign in with a header instead of a cookie.`,
  );

const isRead = (method: string): boolean =>
  method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

const hostOf = (origin: string): string => origin.slice(origin.indexOf('://') + 3).toLowerCase();

/**
 * Refuses writes that a browser sends with the user's cookies on behalf of another origin's page.
 * Reads pass, and so does whatever carries no cookie: no foreign page can add an Authorization header.
 *
 * @param origins exact list; `null`: the server's own origin only
 * @throws PresenceError `origin_refused`
 */
export const checkOrigin = (request: FromPage, origins: ReadonlySet<string> | null): void => {
  if (isRead(request.method) || request.header('cookie') === undefined) return;
  const origin = request.header('origin');
  if (origins) {
    if (origin === undefined) throw refused('the request names no origin');
    if (!origins.has(origin)) throw refused('its origin is not listed');
    return;
  }
  const site = request.header('sec-fetch-site');
  if (site === 'same-origin' || site === 'none') return;
  if (site !== undefined) throw refused('the browser says that it is not the same origin');
  if (origin === undefined) throw refused('the request names no origin');
  const host = request.header('host') ?? request.header(':authority');
  if (!origin.includes('://') || hostOf(origin) !== host?.toLowerCase()) {
    throw refused('its origin is another one');
  }
};
