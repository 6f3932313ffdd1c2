import { PresenceError } from '@presence/core';
import type { Route } from './route.ts';

/** The routes of one path, with what its segments said. */
export interface Matched {
  readonly methods: ReadonlyMap<string, Route>;
  /** For `Allow`. */
  readonly allow: string;
  readonly params: Readonly<Record<string, string>>;
}

interface Entry {
  readonly segments: readonly string[];
  readonly methods: Map<string, Route>;
  allow: string;
}

const NO_PARAMS: Readonly<Record<string, string>> = Object.freeze({});

const allowed = (methods: ReadonlyMap<string, Route>): string =>
  [...methods.keys(), ...(methods.has('GET') ? ['HEAD'] : []), 'OPTIONS'].sort().join(', ');

const decoded = (segment: string): string => {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new PresenceError('invalid_request', 'The path is not percent-encoded UTF-8.');
  }
};

const isParam = (segment: string): boolean => segment.startsWith(':');

const fits = (entry: Entry, segments: readonly string[]): boolean =>
  entry.segments.length === segments.length &&
  entry.segments.every((expected, index) => isParam(expected) || expected === segments[index]);

const paramsOf = (entry: Entry, segments: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    entry.segments.flatMap((expected, index) =>
      isParam(expected) ? [[expected.slice(1), decoded(segments[index] ?? '')]] : [],
    ),
  );

const entriesOf = (routes: readonly Route[]): ReadonlyMap<string, Entry> => {
  const entries = new Map<string, Entry>();
  for (const route of routes) {
    const { path, method } = route;
    const entry = entries.get(path) ?? { segments: path.split('/'), methods: new Map(), allow: '' };
    if (entry.methods.has(method)) throw new Error(`${method} ${path} stands twice in the table.`);
    entry.methods.set(method, route);
    entry.allow = allowed(entry.methods);
    entries.set(path, entry);
  }
  return entries;
};

/**
 * Finds the routes of a path. A trailing slash means nothing; fixed paths win over those with
 * parameters.
 */
export const createRouter = (routes: readonly Route[]): ((path: string) => Matched | null) => {
  const fixed = new Map<string, Matched>();
  const open: Entry[] = [];
  for (const [path, entry] of entriesOf(routes)) {
    if (entry.segments.some(isParam)) open.push(entry);
    else fixed.set(path, { methods: entry.methods, allow: entry.allow, params: NO_PARAMS });
  }

  return (path) => {
    const plain = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
    const exact = fixed.get(plain);
    if (exact) return exact;
    const segments = plain.split('/');
    const entry = open.find((candidate) => fits(candidate, segments));
    if (!entry) return null;
    return { methods: entry.methods, allow: entry.allow, params: paramsOf(entry, segments) };
  };
};
