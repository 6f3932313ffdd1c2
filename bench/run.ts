// Runs each benchmark in a process of its own, one after the other: `npm run bench`, or `npm run bench -- fan-out`.
import { spawnSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

const ALL = [
  'leases',
  'heartbeat',
  'fan-out',
  'connections',
  'storm',
  'redis',
  'sql',
  'directory',
  'history',
  'nodes',
  'death',
  'capacity',
  'scrape',
  'block',
  'room',
  'dashboard',
  'client',
] as const;

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(ALL as readonly string[]).includes(name));
if (unknown.length > 0) {
  console.error(
    `[presence/bench] There is no benchmark "${unknown.join('", "')}". Known: ${ALL.join(', ')}.`,
  );
  process.exit(2);
}

console.log(
  `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}. Close other programs; of three runs name the middle one.`,
);

let failed = 0;
for (const name of asked.length > 0 ? asked : ALL) {
  console.log(`\n── ${name}`);
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const { status } = spawnSync(
    process.execPath,
    ['--expose-gc', '--conditions=@presence/source', '--no-warnings', file],
    { stdio: 'inherit' },
  );
  if (status !== 0) failed += 1;
}
process.exitCode = failed > 0 ? 1 : 0;
