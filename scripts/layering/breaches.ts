import { posix } from 'node:path';
import { parseTree } from './parse.ts';
import { concerns, importRules } from './rules.ts';
import { importsOf, namesOf, type Import, type Tree } from './syntax.ts';

/** What a source file does that its layer may not, one sentence each. Test files may import and read what they like. */
export function breaches(file: string, source: string): string[] {
  if (/\.test\.tsx?$/.test(file)) return [];
  const tree = parseTree(file, source);
  const at = (offset: number): string => `${file}:${source.slice(0, offset).split('\n').length}`;
  const imports = importsOf(tree);
  return [...importBreaches(file, imports, at), ...concernBreaches(file, imports, tree, at)];
}

type Position = (offset: number) => string;

function importBreaches(file: string, imports: readonly Import[], at: Position): string[] {
  const rule = importRules.findLast(({ files }) => files.test(file));
  if (!rule) return [`${file} belongs to no layer. Name its layer in scripts/layering/rules.ts.`];
  return imports.flatMap(({ from, isType, start }) => {
    const target = withinPackage(file, from);
    if (rule.values.some((allowed) => allowed.test(target))) return [];
    const asType = rule.types?.some((allowed) => allowed.test(target)) ?? false;
    if (asType && isType) return [];
    const advice = asType ? ' Only `import type` is allowed here.' : '';
    return [`${at(start)} imports ${from}: ${rule.because}.${advice}`];
  });
}

/** A relative import as a path of its package, `src/index.ts`; any other as it is. */
function withinPackage(file: string, from: string): string {
  if (!from.startsWith('.')) return from;
  const [, folder = ''] = /^(packages\/[^/]+)\//.exec(file) ?? [];
  return posix.relative(folder, posix.join(posix.dirname(file), from));
}

function concernBreaches(
  file: string,
  imports: readonly Import[],
  tree: Tree,
  at: Position,
): string[] {
  return concerns
    .filter(({ permitted }) => !permitted.test(file))
    .flatMap((concern) => {
      const used = namesOf(tree).filter(({ name }) => concern.names.includes(name));
      const imported = imports.flatMap(({ from, names, start, isType }) => {
        const listed = concern.modules[from] ?? concern.modules[`node:${from}`];
        if (!listed || isType) return [];
        const hits = listed === 'all' ? [from] : names.filter((name) => listed.includes(name));
        return hits.map((name) => ({ name, start }));
      });
      return [...used, ...imported].map(
        ({ name, start }) =>
          `${at(start)} uses ${name}. ${concern.name} may be read in ${concern.permitted.source.replace(
            /[\\^$]/g,
            '',
          )} only. ${concern.advice}.`,
      );
    });
}
