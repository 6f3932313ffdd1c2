// Ways by which a text gets into a statement as a part of it. Kysely's template `sql` makes every value a parameter and
// quotes every name; whatever goes around it could one day carry what a user typed.
import { parseTree } from './parse.ts';
import { isTree, listOf, nameOf, walk, type Tree } from './syntax.ts';

/** Where texts are given to a database, which begins below these folders. */
const watched = /^packages\/server\/src\/(?!admin\/page\/)/;

/** A way around the template that a file may take so many times. */
interface Permit {
  file: string;
  door: string;
  times: number;
  because: string;
}

const store = 'packages/server/src/stores/sql';

/** Every other one is a breach, and so is one of these that is needed no more. */
export const permits: readonly Permit[] = [
  {
    file: `${store}/dialects/sqlite-rows.ts`,
    door: 'sql.lit',
    times: 1,
    because: 'the places of a row, which are counted there',
  },
  {
    file: `${store}/history/erase-steps.ts`,
    door: 'sql.lit',
    times: 1,
    because: 'a duration of that file',
  },
  {
    file: `${store}/directory/search.ts`,
    door: 'sql.lit',
    times: 1,
    because: 'the one character that escapes patterns',
  },
  {
    file: `${store}/directory/written-status.ts`,
    door: 'sql.lit',
    times: 1,
    because: 'statuses of the closed list of core',
  },
  {
    file: `${store}/directory/kinds.ts`,
    door: 'sql.raw',
    times: 1,
    because: 'types of columns, named in that file',
  },
  {
    file: `${store}/feed/listening.ts`,
    door: 'query()',
    times: 1,
    because: 'the name of a channel, which takes no parameter and is made of the checked prefix',
  },
  {
    file: `${store}/node-sqlite.ts`,
    door: 'prepare()',
    times: 1,
    because: 'what Kysely compiled',
  },
  {
    file: `${store}/node-sqlite.ts`,
    door: 'exec()',
    times: 1,
    because: 'settings of that file',
  },
];

interface Door {
  name: string;
  start: number;
}

/** Names of members of `sql` and of others that take a text as it is. */
const rawMembers = ['sql.raw', 'sql.lit', 'sql.literal', 'CompiledQuery.raw'];

/** Methods of drivers that take a whole statement. */
const statementCalls = ['query', 'exec', 'prepare', 'unsafe', 'queryRawUnsafe'];

const isPlain = (node: Tree): boolean =>
  node.type === 'Literal' ||
  (node.type === 'TemplateLiteral' && listOf(node['expressions']).length === 0);

const isRegExp = (node: Tree): boolean =>
  node.type === 'Literal' ? isTree(node['regex']) || node['regex'] !== undefined : false;

/** A regular expression has an `exec` too: a literal one, or a constant in capitals, as they are written here. */
const isPattern = (callee: Tree): boolean => {
  const object = callee['object'];
  if (!isTree(object)) return false;
  return (
    isRegExp(object) || object.type === 'NewExpression' || /^[A-Z_]+$/.test(nameOf(object) ?? '')
  );
};

function memberDoor(node: Tree): string | undefined {
  if (node.type !== 'MemberExpression') return undefined;
  const object = nameOf(node['object']);
  if (object === 'sql' && node['computed'] === true) return 'sql[…]';
  const name = `${object}.${nameOf(node['property'])}`;
  return rawMembers.includes(name) ? name : undefined;
}

function callDoor(node: Tree): string | undefined {
  if (node.type !== 'CallExpression' || !isTree(node['callee'])) return undefined;
  const callee = node['callee'];
  if (nameOf(callee) === 'sql') return 'sql()';
  const method = callee.type === 'MemberExpression' ? nameOf(callee['property']) : undefined;
  if (!method || !statementCalls.includes(method) || isPattern(callee)) return undefined;
  const [text] = listOf(node['arguments']);
  return text && !isPlain(text) ? `${method}()` : undefined;
}

/** `sql` under another name, or handed on, is out of sight. */
function aliasDoor(node: Tree, parent: Tree | undefined, key: string): string | undefined {
  if (node.type === 'ImportNamespaceSpecifier' && isKysely(parent)) return 'import * as kysely';
  if (node.type === 'ImportSpecifier' && nameOf(node['imported']) === 'sql') {
    return nameOf(node['local']) === 'sql' ? undefined : 'sql as another name';
  }
  if (node.type !== 'Identifier' || nameOf(node) !== 'sql' || !parent) return undefined;
  const isOrdinary =
    parent.type.startsWith('Import') ||
    parent.type.startsWith('TS') ||
    key === 'tag' ||
    key === 'callee' ||
    key === 'key' ||
    key === 'property' ||
    (key === 'object' && parent.type === 'MemberExpression');
  // `{ sql }` takes it out of something, `{ sql: text }` is another one's.
  const isPattern = parent.type === 'Property' && key === 'value';
  return isOrdinary || isPattern ? undefined : 'sql as a value';
}

const isKysely = (declaration: Tree | undefined): boolean => {
  const source = declaration?.['source'];
  return isTree(source) && source['value'] === 'kysely' && declaration?.['importKind'] !== 'type';
};

/** The ways around the template that a file takes. Tests may take them all. */
function doorsOf(file: string, source: string): Door[] {
  if (!watched.test(file) || /\.test\.tsx?$/.test(file)) return [];
  const found: Door[] = [];
  walk(parseTree(file, source), (node, parent, key) => {
    const name = memberDoor(node) ?? callDoor(node) ?? aliasDoor(node, parent, key);
    if (name) found.push({ name, start: node.start });
  });
  return found;
}

/** What a file does to SQL that it may not, one sentence each. */
export function rawSqlBreaches(
  file: string,
  source: string,
  permitted: readonly Permit[] = permits,
): string[] {
  const doors = doorsOf(file, source);
  const mine = permitted.filter((permit) => permit.file === file);
  const names = new Set([...doors.map(({ name }) => name), ...mine.map(({ door }) => door)]);
  return [...names].flatMap((name) => {
    const times = doors.filter((door) => door.name === name);
    const allowed = mine.find(({ door }) => door === name)?.times ?? 0;
    if (times.length === allowed) return [];
    const [first] = times;
    const line = first ? source.slice(0, first.start).split('\n').length : 1;
    return [
      `${file}:${line} goes around the template of Kysely by ${name} ${times.length} times, and may ${allowed} times. ` +
        'Write values and names into sql`…`, or say in scripts/layering/raw-sql.ts why no user text can get there.',
    ];
  });
}
