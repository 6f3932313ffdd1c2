import { spawn } from 'node:child_process';
import { root } from './root.mjs';

/** Runs a tool of node_modules/.bin with its output shown, and throws when it fails. */
export async function run(
  tool: string,
  args: readonly string[],
  cwd: string = root,
): Promise<void> {
  const child = spawn(tool, args, { cwd, stdio: 'inherit' });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  if (status !== 0) {
    throw new Error(`\`${[tool, ...args].join(' ')}\` ended with status ${status}.`);
  }
}
