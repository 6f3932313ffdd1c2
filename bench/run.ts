// Runs the benchmarks that are named, or all of them, one after the other, each in a process of its own.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What stands beside the benchmarks without being one. */
const OTHERS = new Set(['run.ts', 'sides.ts']);

const known = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !OTHERS.has(file))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !known.includes(name));

if (unknown.length > 0) {
  console.error(`No benchmark is called ${unknown.join(', ')}. Known: ${known.join(', ')}.`);
  process.exitCode = 1;
} else {
  for (const name of asked.length > 0 ? asked : known) {
    const file = join(import.meta.dirname, `${name}.ts`);
    const { status } = spawnSync(process.execPath, [...process.execArgv, file], {
      stdio: 'inherit',
    });
    if (status !== 0) process.exitCode = 1;
  }
}
