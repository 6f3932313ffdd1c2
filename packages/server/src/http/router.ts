import { PresenceError } from '@presence/core';
import type { Route } from './route.ts';

type Params = Readonly<Record<string, string>>;

/** What a path means for one method. */
export interface Matched {
  /** `null`: the path is known, but not for this method. */
  readonly route: Route | null;
  /** What the segments of the path said. */
  readonly params: Params;
  /** Every method of the path, for `Allow`. */
  allow(): string;
}

type Methods = ReadonlyMap<string, Route>;

interface Entry {
  readonly segments: readonly string[];
  readonly methods: Map<string, Route>;
}

const NO_PARAMS: Params = Object.freeze({});
const NO_METHODS: Methods = new Map();

const allowed = (...paths: readonly Methods[]): string => {
  const methods = new Set(paths.flatMap((path) => [...path.keys()]));
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods, 'OPTIONS'].sort().join(', ');
};

const decoded = (segment: string): string => {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new PresenceError('invalid_request', 'The path is not percent-encoded UTF-8.');
  }
};

const isParam = (segment: string): boolean => segment.startsWith(':');

/** An empty segment names nobody: a doubled slash leads nowhere. */
const fits = (entry: Entry, segments: readonly string[]): boolean =>
  entry.segments.length === segments.length &&
  entry.segments.every((expected, index) =>
    isParam(expected) ? segments[index] !== '' : expected === segments[index],
  );

const paramsOf = (entry: Entry, segments: readonly string[]): Params =>
  Object.fromEntries(
    entry.segments.flatMap((expected, index) =>
      isParam(expected) ? [[expected.slice(1), decoded(segments[index] ?? '')]] : [],
    ),
  );

const entriesOf = (routes: readonly Route[]): ReadonlyMap<string, Entry> => {
  const entries = new Map<string, Entry>();
  for (const route of routes) {
    const { path, method } = route;
    const entry = entries.get(path) ?? { segments: path.split('/'), methods: new Map() };
    if (entry.methods.has(method)) throw new Error(`${method} ${path} stands twice in the table.`);
    entry.methods.set(method, route);
    entries.set(path, entry);
  }
  return entries;
};

/**
 * Finds the route of a path and method, the first of the table soonest. A trailing slash means nothing, `HEAD` means `GET`; fixed
 * paths win over those with parameters, method by method, so that a user may be called "query".
 */
export const createRouter = (
  routes: readonly Route[],
): ((path: string, method: string) => Matched | null) => {
  const fixed = new Map<string, Methods>();
  /** The answers for fixed paths, made once: by method, then path. */
  const ready = new Map<string, Map<string, Matched>>();
  const open: Entry[] = [];
  for (const [path, { segments, methods }] of entriesOf(routes)) {
    if (segments.some(isParam)) open.push({ segments, methods });
    else fixed.set(path, methods);
    for (const [method, route] of segments.some(isParam) ? NO_METHODS : methods) {
      const byPath = ready.get(method) ?? new Map<string, Matched>();
      byPath.set(path, { route, params: NO_PARAMS, allow: () => allowed(methods) });
      ready.set(method, byPath);
    }
  }

  const findOpen = (plain: string, method: string, exact: Methods | undefined): Matched | null => {
    const segments = plain.split('/');
    const entry = open.find((candidate) => fits(candidate, segments));
    if (!entry && !exact) return null;
    const route = entry?.methods.get(method) ?? null;
    return {
      route,
      params: entry && route ? paramsOf(entry, segments) : NO_PARAMS,
      allow: () => allowed(exact ?? NO_METHODS, entry?.methods ?? NO_METHODS),
    };
  };

  const findAny = (path: string, given: string): Matched | null => {
    const method = given === 'HEAD' ? 'GET' : given;
    const plain = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
    return ready.get(method)?.get(plain) ?? findOpen(plain, method, fixed.get(plain));
  };

  // Most requests are heartbeats: a text is compared for less than it is hashed.
  const [often] = routes;
  const oftenFound = often ? findAny(often.path, often.method) : null;
  return (path, method) =>
    path === often?.path && method === often.method ? oftenFound : findAny(path, method);
};
