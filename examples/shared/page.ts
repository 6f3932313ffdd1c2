import type { RequestHandler } from 'express';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** No script but our own files, no inline script, nothing from other hosts. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

type Files = ReadonlyMap<string, string | Uint8Array>;

/** Bundles a folder with an `index.html` once, into memory: path below the site → content. */
export const bundle = async (root: string): Promise<Files> => {
  // Loaded here, because loading it takes longer than everything else at the start.
  const { build, defaultClientConditions } = await import('vite');
  const built = await build({
    root,
    configFile: false,
    logLevel: 'error',
    // The packages of this repository from their sources. With installed packages, leave it out.
    resolve: { conditions: ['@presence/source', ...defaultClientConditions] },
    build: { write: false, modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  });
  if (!('output' in built)) throw new Error('vite gave something else than one bundle.');
  return new Map(
    built.output.map((file) => [
      `/${file.fileName}`,
      file.type === 'chunk' ? file.code : file.source,
    ]),
  );
};

interface PageFile {
  readonly headers: Readonly<Record<string, string>>;
  readonly content: string | Uint8Array;
}

/** What is sent for a path: the page itself for every one that is no file, as routes like `/as/ada` live in the browser. */
export const pageFile = (files: Files, path: string): PageFile | null => {
  const isPage = !path.startsWith('/assets/');
  const file = isPage ? '/index.html' : path;
  const content = files.get(file);
  if (content === undefined) return null;
  const headers = {
    ...HEADERS,
    'Content-Type': TYPES[file.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
    // Bundled files carry a hash in their name; the page must be asked for after each start.
    // Not `no-store`: a page that may not be stored may not wait in the browser's page cache either.
    'Cache-Control': isPage ? 'no-cache' : 'public, max-age=31536000, immutable',
  };
  return { headers, content };
};

/** Serves the bundle in Express. */
export const servePage = (files: Files): RequestHandler => {
  return (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    const file = pageFile(files, request.path);
    if (!file) return next();
    response.set(file.headers);
    response.end(file.content);
  };
};
