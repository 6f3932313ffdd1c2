// Makes the Lua sources of the Redis store a module, so that they run from source and from the build alike.
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from '../root.mjs';

const folder = join(root, 'packages/server/src/stores/redis/lua');

/** The module that the store imports; committed, and checked against the sources. */
export const compiledFile = 'packages/server/src/stores/redis/scripts.generated.ts';

const INCLUDE = /^-- include: (.+)$/gm;

/** Comments stay in the sources: servers keep every script in memory. */
const bare = (source: string): string =>
  source
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.trimStart().startsWith('--'))
    .join('\n');

const includesOf = (source: string): string[] =>
  [...source.matchAll(INCLUDE)].flatMap(([, names = '']) => names.split(', '));

const shared = (name: string): string =>
  readFileSync(join(folder, 'shared', `${name}.lua`), 'utf8');

/** Each shared file once, before whoever needs it. The clock is kept apart: tests put another in its place. */
function assemble(source: string, taken = new Set(['clock'])): string {
  const parts = includesOf(source)
    .filter((name) => !taken.has(name))
    .map((name) => {
      taken.add(name);
      return assemble(shared(name), taken);
    });
  return [...parts, bare(source)].join('\n');
}

/** The text of the generated module. */
export function compiled(): string {
  const operations = globSync('*.lua', { cwd: folder }).sort();
  const constants = operations.map((file) => {
    const source = readFileSync(join(folder, file), 'utf8');
    assertContract(file, source);
    return `  ${basename(file, '.lua')}: ${literal(assemble(source))},`;
  });
  return [
    '// Made from lua/ by the build; `npm run build` brings it up to date. Edit the Lua files instead.',
    '',
    '/** Gives every script its instant: the clock of the server that runs it. */',
    `export const SERVER_CLOCK: string = ${literal(bare(shared('clock')))};`,
    '',
    '/** Each operation of the store, without its clock. */',
    'export const SCRIPTS = Object.freeze({',
    ...constants,
    '});',
    '',
  ].join('\n');
}

/** A script says what it takes and gives, so that it can be read beside its caller. */
function assertContract(file: string, source: string): void {
  const missing = ['-- KEYS ', '-- ARGV ', '-- out '].filter((part) => !source.includes(part));
  if (missing.length === 0 && includesOf(source)[0] === 'clock') return;
  throw new Error(
    `[presence/lua] ${file} has no ${missing.join('and no ') || '`-- include: clock` first'}. ` +
      'Begin it as the scripts beside it begin.',
  );
}

const literal = (text: string): string =>
  `\`\n${text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${')}\n\``;
