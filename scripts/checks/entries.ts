import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { packages, type Entry, type Package } from '../packages.ts';
import { importsOf } from '../layering/syntax.ts';
import { parseTree } from '../layering/parse.ts';

/** Peers that an entry may load, where its name does not say it. */
const peersOf: Readonly<Record<string, readonly string[]>> = {
  // The suite that a store has to pass makes random histories.
  '@presence/server/testing': ['fast-check'],
  '@presence/server/socket.io': ['socket.io'],
  '@presence/server/jwt': ['jose'],
  '@presence/server/sql': ['kysely'],
};

/**
 * What each built entry loads, directly or through shared chunks: its package's dependencies, its required peers, and the
 * one optional peer that it is named after. What begins with # is the package's own. An application that mounts Express must not need Fastify.
 * A command begins without any optional peer, and asks for what it needs when it knows what that is.
 */
export function checkEntries(): void {
  const found = packages.flatMap((each) => [
    ...each.entries
      .filter(({ output }) => output.endsWith('.js'))
      .flatMap((entry) => strangersOf(each, entry, true)),
    ...each.programs.flatMap((program) => strangersOf(each, program, false)),
  ]);
  if (found.length > 0) throw new Error(found.join('\n'));
}

function strangersOf(each: Package, entry: Entry, withLazy: boolean): string[] {
  const { dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = each.manifest;
  const required = Object.keys(peerDependencies).filter(
    (peer) => !peerDependenciesMeta[peer]?.optional,
  );
  const named = [entry.name.split('/').at(-1) ?? '', ...(peersOf[entry.name] ?? [])];
  const allowed = new Set([...Object.keys(dependencies), ...required, ...named]);
  return [...loadedBy(join(each.folder, entry.output), withLazy)]
    .filter(([from]) => !/^(node:|#)/.test(from) && !allowed.has(packageName(from)))
    .map(
      ([from, file]) =>
        `${entry.name} loads ${from} (in ${relative(each.folder, file)}), which is neither a dependency of its ` +
        'package nor the peer it is named after. Move the import to an entry of its own.',
    );
}

/** Every package that a file loads, with the file that imports it. */
function loadedBy(
  file: string,
  withLazy: boolean,
  seen = new Set<string>(),
  found = new Map<string, string>(),
): Map<string, string> {
  if (seen.has(file)) return found;
  seen.add(file);
  for (const { from, isLazy } of importsOf(parseTree(file, readFileSync(file, 'utf8')))) {
    if (isLazy && !withLazy) continue;
    if (from.startsWith('.')) loadedBy(join(dirname(file), from), withLazy, seen, found);
    else found.set(from, file);
  }
  return found;
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
