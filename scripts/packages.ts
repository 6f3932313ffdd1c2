import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

export interface Entry {
  /** The name an application imports, such as `@presence/server/express`. */
  name: string;
  /** Relative to the package: `src/adapters/express.ts`. */
  source: string;
  /** Relative to the package: `dist/adapters/express.js`. */
  output: string;
}

interface Target {
  '@presence/source': string;
  default: string;
}

interface Manifest {
  name: string;
  exports: Record<string, string | Target>;
  imports?: Record<string, Target>;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

export interface Package {
  name: string;
  folder: string;
  manifest: Manifest;
  entries: Entry[];
  /** What its commands run, built beside the entries; no application imports it. */
  programs: Entry[];
}

/** The published packages, each after those it depends on. */
export const packages: Package[] = ['core', 'server', 'client', 'react'].map((name) => {
  const folder = join(root, 'packages', name);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  return { name, folder, manifest, entries: entriesOf(manifest), programs: programsOf(manifest) };
});

function entriesOf({ name, exports }: Manifest): Entry[] {
  return Object.entries(exports).flatMap(([path, target]) =>
    typeof target === 'string'
      ? []
      : entryOf(path === '.' ? name : `${name}${path.slice(1)}`, target),
  );
}

function entryOf(name: string, target: Target): Entry {
  return { name, source: target['@presence/source'].slice(2), output: target.default.slice(2) };
}

function programsOf({ imports = {} }: Manifest): Entry[] {
  return Object.entries(imports)
    .filter(([name]) => name === '#cli')
    .map(([name, target]) => entryOf(name, target));
}
