// What a source file imports and which global names it uses, read from its syntax tree: comments and strings that only
// speak of `Date.now` are no use of it.

export interface Tree {
  type: string;
  start: number;
  [key: string]: unknown;
}

export interface Import {
  from: string;
  /** Of named imports, by the names that the module exports. */
  names: string[];
  isType: boolean;
  /** By `import()`: loaded when the program comes to it, if ever. */
  isLazy: boolean;
  start: number;
}

export interface Use {
  name: string;
  start: number;
}

export function importsOf(tree: Tree): Import[] {
  const found: Import[] = [];
  walk(tree, (node) => {
    const source = node['source'];
    if (!isTree(source) || typeof source['value'] !== 'string') return;
    const specifiers = listOf(node['specifiers']);
    found.push({
      from: source['value'],
      names: specifiers.flatMap(({ imported, local }) => nameOf(imported) ?? nameOf(local) ?? []),
      isType: node.type === 'TSImportType' || isTypeOnly(node),
      isLazy: node.type === 'ImportExpression',
      start: node.start,
    });
  });
  return found;
}

// An import whose names are all marked as types, `import { type A }`, is none: `verbatimModuleSyntax` still loads it.
function isTypeOnly(node: Tree): boolean {
  return node['importKind'] === 'type' || node['exportKind'] === 'type';
}

/** Names that stand for a global: `setTimeout`, `Date.now`, `new Date()`, also through globalThis, window and self. */
export function namesOf(tree: Tree): Use[] {
  const found: Use[] = [];
  walk(tree, (node, parent, key) => {
    const name = usedName(node);
    if (!name || isOnlyAName(parent, key)) return;
    found.push({ name, start: node.start });
  });
  return found;
}

const globals = new Set(['globalThis', 'window', 'self', 'global']);

function usedName(node: Tree): string | undefined {
  if (node.type === 'Identifier') return node['name'] as string;
  if (node.type === 'MemberExpression' && node['computed'] === false) {
    const object = isTree(node['object']) ? usedName(node['object']) : undefined;
    const property = nameOf(node['property']);
    if (!object || !property) return undefined;
    return globals.has(object) ? property : `${object}.${property}`;
  }
  const isDate = nameOf(node['callee']) === 'Date';
  if (isDate && node.type === 'NewExpression' && listOf(node['arguments']).length === 0) {
    return 'new Date()';
  }
  return isDate && node.type === 'CallExpression' ? 'Date()' : undefined;
}

const typeWrappers = new Set(['TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression']);

/** A property, a method, an imported name or a type member that happens to be called like a global. */
function isOnlyAName(parent: Tree | undefined, key: string): boolean {
  if (!parent) return false;
  if (key === 'property' || key === 'key') return parent['computed'] !== true;
  if (/^(Import|Export)/.test(parent.type)) return true;
  return parent.type.startsWith('TS') && !typeWrappers.has(parent.type);
}

type Visit = (node: Tree, parent: Tree | undefined, key: string) => void;

/** Every node below one, with what it hangs on and by which name. */
export function walk(node: Tree, visit: Visit, parent?: Tree, key = ''): void {
  visit(node, parent, key);
  for (const [name, value] of Object.entries(node)) {
    const children = Array.isArray(value) ? value : [value];
    for (const child of children) if (isTree(child)) walk(child, visit, node, name);
  }
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && typeof (value as Tree).type === 'string';
}

export function listOf(value: unknown): Tree[] {
  return Array.isArray(value) ? value.filter(isTree) : [];
}

export function nameOf(value: unknown): string | undefined {
  return isTree(value) && typeof value['name'] === 'string' ? value['name'] : undefined;
}

/** The names of what a file's types and classes have: of those declarations only, or of all. */
export function membersOf(tree: Tree, declarations?: readonly string[]): string[] {
  const found: string[] = [];
  walk(tree, (node) => {
    if (!/^(TS(Interface|TypeAlias)|Class)Declaration$/.test(node.type)) return;
    if (declarations && !declarations.includes(nameOf(node['id']) ?? '')) return;
    walk(node, (member) => {
      if (!/(Property|Method)(Signature|Definition)$/.test(member.type)) return;
      found.push(nameOf(member['key']) ?? '');
    });
  });
  return found;
}

/** What a module exports by name. */
export function exportsOf(tree: Tree): string[] {
  const found: string[] = [];
  walk(tree, (node) => {
    if (node.type !== 'ExportNamedDeclaration' || node['exportKind'] === 'type') return;
    const declaration = isTree(node['declaration']) ? node['declaration'] : undefined;
    for (const each of [...listOf(declaration?.['declarations']), declaration]) {
      found.push(nameOf(each?.['id']) ?? '');
    }
    for (const { exported } of listOf(node['specifiers'])) found.push(nameOf(exported) ?? '');
  });
  return found.filter(Boolean);
}
