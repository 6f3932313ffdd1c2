import { readFileSync } from 'node:fs';

/** Of this package, wherever in it the build has put this file. */
export const ownVersion = (): string => {
  const manifest = new URL(import.meta.resolve('@presence/server/package.json'));
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version;
};
