import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../root.mjs';
import { run } from '../run.ts';

const everyProject = [
  'tsconfig.json',
  '{packages,examples}/*/tsconfig.json',
  '{bench,simulation,tests}/tsconfig.json',
  'packages/server/src/admin/page/tsconfig.json',
  // Once more without the types of Node that its tests may use: core runs anywhere.
  'packages/core/tsconfig.build.json',
];

/** Every TypeScript project of the repository; a new folder is checked from its first day. */
export async function checkTypes(): Promise<void> {
  const projects = globSync(everyProject, { cwd: root }).filter(hasSources);
  const failed: string[] = [];
  for (const project of projects) {
    await run('tsc', [
      '-p',
      project,
      '--noEmit',
      '--emitDeclarationOnly',
      'false',
      '--pretty',
    ]).catch(() => failed.push(project));
  }
  if (failed.length > 0) throw new Error(`Types do not fit in ${failed.join(', ')}.`);
}

/** tsc takes a project without files for a mistake; a folder that only waits for its first one is none. */
function hasSources(project: string): boolean {
  const cwd = join(root, dirname(project));
  const exclude = ['**/node_modules/**', '**/dist/**'];
  return globSync('**/*.{ts,tsx,mjs}', { cwd, exclude }).length > 0;
}
