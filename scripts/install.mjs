import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installEnvironment } from './environment.mjs';
import { root } from './root.mjs';

const stamp = join(root, 'node_modules', '.presence-install');

/** Installs with the pinned pnpm, and only when a manifest or the lockfile changed since the last install. */
export function installWhenNeeded() {
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  console.error(`[presence] Installing the dependencies with ${packageManager}`);
  const { status, error } = spawnSync(
    'npx',
    ['--yes', packageManager, 'install', '--frozen-lockfile', '--reporter=append-only'],
    // What the install says belongs to stderr: stdout is the task's.
    {
      cwd: root,
      env: installEnvironment(),
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    },
  );
  if (status !== 0) {
    console.error(
      `[presence] The install failed: ${error ? error.message : `status ${status}`}. Check that the npm registry ` +
        'can be reached. If a manifest changed on purpose, bring the lockfile up to date with ' +
        `\`npx ${packageManager} install\`.`,
    );
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}

function fingerprint() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const file of ['pnpm-workspace.yaml', 'pnpm-lock.yaml', ...manifests()]) {
    hash.update(`\n${file}\n`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

/** The manifests of the workspace, read from its list of folders, which uses no pattern but a trailing `/*`. */
function manifests() {
  const [, list = ''] =
    readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8').match(/^packages:\n((?: +- .*\n)+)/m) ??
    [];
  const folders = [...list.matchAll(/- (.+)/g)].flatMap(([, pattern = '']) =>
    pattern.endsWith('/*') ? foldersIn(pattern.slice(0, -2)) : [pattern],
  );
  return ['.', ...folders]
    .map((folder) => `${folder}/package.json`)
    .filter((file) => existsSync(join(root, file)));
}

/** @param {string} folder */
function foldersIn(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);
}
