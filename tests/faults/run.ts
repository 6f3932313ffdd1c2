// npm run faults -- [names] [--short]: plays every fault, or those that are named, with two thousand users and the default
// policy; with --short in little, as `npm test` does. `sql` names those of the SQL databases.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false } },
});

const SQL = 'sql';
const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
const names = positionals.filter((name) => name !== SQL);
const files = [
  ...(names.length > 0 || positionals.length === 0 ? ['tests/faults/faults.test.ts'] : []),
  ...(positionals.includes(SQL) || positionals.length === 0 ? ['tests/faults/sql'] : []),
];
const args = ['run', '--project', 'faults', '--maxWorkers', '1', ...files];

const child = spawn(process.execPath, [...process.execArgv, vitest, ...args], {
  stdio: 'inherit',
  env: {
    ...process.env,
    PRESENCE_REQUIRE: '1',
    PRESENCE_FAULTS: names.join() || 'all',
    PRESENCE_FAULTS_SCALE: values.short ? 'short' : 'full',
  },
});
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
