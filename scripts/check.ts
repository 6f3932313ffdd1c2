// All checks, one after the other. Each runs even when an earlier one failed, so that one run shows everything there is
// to do. Names of checks as arguments run those alone: `npm run check -- types lint`.
import { join } from 'node:path';
import { checkApi } from './checks/api.ts';
import { checkEntries } from './checks/entries.ts';
import { checkLua } from './checks/lua.ts';
import { checkLayering } from './checks/layering.ts';
import { checkNames } from './checks/names.ts';
import { checkPacked } from './checks/packed.ts';
import { checkTypes } from './checks/types.ts';
import { root } from './root.mjs';
import { run } from './run.ts';

/** In this order: `build` writes what those after it look at, and what `lua` and `api` compare. */
const checks: Record<string, () => Promise<void> | void> = {
  lua: checkLua,
  api: checkApi,
  build: () => run('node', [join(root, 'scripts/build.ts')]),
  types: checkTypes,
  lint: () => run('oxlint', ['--deny-warnings', '--type-aware']),
  layering: checkLayering,
  format: () => run('prettier', ['--check', '--log-level=warn', '--cache', '.']),
  entries: checkEntries,
  names: checkNames,
  built: async () => {
    await run('node', [join(root, 'tests/built/client.ts')]);
    await run('node', [join(root, 'tests/built/cli.ts')]);
  },
  packed: checkPacked,
  unused: () => run('knip', []),
  size: () => run('size-limit', []),
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in checks));
if (unknown.length > 0) {
  console.error(
    `[presence/check] No check is called ${unknown.join(', ')}. There are: ${Object.keys(checks).join(', ')}.`,
  );
  process.exit(1);
}

const failed: string[] = [];
for (const [name, check] of Object.entries(checks)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const startedAt = performance.now();
  try {
    await check();
    console.log(`ok      ${name} (${seconds(startedAt)})`);
  } catch (error) {
    failed.push(name);
    console.error(error instanceof Error ? error.message : error);
    console.log(`FAILED  ${name} (${seconds(startedAt)})`);
  }
}
if (failed.length > 0) {
  console.error(
    `[presence/check] Failed: ${failed.join(', ')}. Repeat one with \`npm run check -- ${failed[0]}\`.`,
  );
  process.exit(1);
}

function seconds(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
}
