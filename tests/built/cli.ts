// Runs the command line tool as the package ships it: the file that `bin` names, over what the build wrote.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const server = fileURLToPath(new URL('../../packages/server/', import.meta.url));
const { bin, version } = JSON.parse(readFileSync(join(server, 'package.json'), 'utf8')) as {
  bin: { presence: string };
  version: string;
};
const folder = mkdtempSync(join(tmpdir(), 'presence-built-'));
const url = `sqlite:${join(folder, 'presence.db')}`;

const presence = (...args: string[]): string =>
  execFileSync(process.execPath, [join(server, bin.presence), ...args], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });

try {
  assert.equal(presence('--version'), `${version}\n`);
  assert.match(presence('migrate', '--url', url), /^Applied /);
  assert.match(presence('status', '--url', url), /0 online/);
  assert.equal(presence('explain', 'ada', '--url', url), 'Offline: never seen.\n');
  assert.match(presence('down', '--all', '--yes', '--url', url), /^Undid /);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
