import { parseSync } from 'vite';
import type { Tree } from './syntax.ts';

/** The syntax tree of a source file; its name says the language. */
export function parseTree(file: string, source: string): Tree {
  const { program, errors } = parseSync(file, source);
  const [error] = errors;
  if (error) throw new Error(`${file} cannot be parsed: ${error.message}`);
  return program as unknown as Tree;
}
