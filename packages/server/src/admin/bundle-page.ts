import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PageFiles } from './page-files.ts';

/*
 * What stands behind `#admin-page` while the package runs from its sources. The build calls it too and
 * writes what it gives into `dist/admin-page.js`, so no application ever needs the bundler.
 */

const ENTRY = fileURLToPath(new URL('./page/main.tsx', import.meta.url));

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='9' fill='%235b5bd6'/%3E%3Ccircle cx='15' cy='15' r='7.5' fill='%23fff'/%3E%3Ccircle cx='21.5' cy='21.5' r='4.5' fill='%233ddc97' stroke='%235b5bd6' stroke-width='2.5'/%3E%3C/svg%3E";

/** Links are relative, for only the application knows where presence is mounted. */
const htmlOf = (script: string, style: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>Presence</title>
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="admin/assets/${style}">
<script type="module" src="admin/assets/${script}"></script>
</head>
<body><div id="page"></div><noscript>This page needs JavaScript.</noscript></body>
</html>
`;

/** Bundles the dashboard, in about half a second. */
export const loadPage = async (): Promise<PageFiles> => {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [ENTRY],
    entryNames: '[name]-[hash]',
    outdir: 'assets',
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    conditions: ['@presence/source'],
    define: { 'process.env.NODE_ENV': '"production"' },
    // Whoever publishes the bundle publishes the licences of what is in it.
    legalComments: 'eof',
    logLevel: 'warning',
  });
  const assets = Object.fromEntries(outputFiles.map(({ path, text }) => [basename(path), text]));
  const named = (ending: string): string =>
    Object.keys(assets).find((name) => name.endsWith(ending)) ?? '';
  return { html: htmlOf(named('.js'), named('.css')), assets };
};
