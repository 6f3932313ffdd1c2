import { globSync } from 'node:fs';
import { root } from '../root.mjs';
import { run } from '../run.ts';

/** Every tsconfig.json of the repository; a new folder is checked from its first day. */
export async function checkTypes(): Promise<void> {
  const projects = globSync(
    [
      'tsconfig.json',
      '{packages,examples}/*/tsconfig.json',
      '{bench,simulation,tests}/tsconfig.json',
    ],
    {
      cwd: root,
    },
  );
  const failed: string[] = [];
  for (const project of projects) {
    await run('tsc', ['-p', project, '--noEmit', '--pretty']).catch(() => failed.push(project));
  }
  if (failed.length > 0) throw new Error(`Types do not fit in ${failed.join(', ')}.`);
}
