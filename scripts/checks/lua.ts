import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiled, compiledFile } from '../lua/compile.ts';
import { root } from '../root.mjs';

/** The generated module says what the Lua sources say. */
export function checkLua(): void {
  const path = join(root, compiledFile);
  if (existsSync(path) && readFileSync(path, 'utf8') === compiled()) return;
  throw new Error(
    `[presence/check] ${compiledFile} is not what its Lua sources make. Run \`npm run build\` and commit it.`,
  );
}
