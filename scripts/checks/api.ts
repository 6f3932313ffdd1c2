import { join } from 'node:path';
import { root } from '../root.mjs';
import { run } from '../run.ts';

/** From the sources, so that it needs no build. */
export const describeApi = (...args: readonly string[]): Promise<void> =>
  run('node', [
    '--conditions=@presence/source',
    '--no-warnings',
    join(root, 'scripts/api/write.ts'),
    ...args,
  ]);

/** The description in docs/ says what the route table and the schemas say. */
export const checkApi = (): Promise<void> => describeApi('--check');
