// The door of every npm script. It needs Node 20 and npm, nothing else: it installs what the lockfile names and then runs
// the asked task on the project's own Node, so a fresh clone needs no step before `npm start` or `npm test`.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runChild } from './child.mjs';
import { taskEnvironment } from './environment.mjs';
import { installWhenNeeded } from './install.mjs';
import { projectNode } from './project-node.mjs';
import { root } from './root.mjs';
import { tasks } from './tasks.mjs';

const [name = '', ...args] = process.argv.slice(2);
const task = tasks[name];
if (!task) {
  fail(`Unknown task "${name}". Known tasks: ${Object.keys(tasks).join(', ')}.`);
}

installWhenNeeded();

const steps = task(args);
for (const [file = '', ...rest] of steps) {
  const status = await run(file, rest);
  if (status !== 0) process.exit(status);
}

/**
 * @param {string} file
 * @param {string[]} rest
 * @returns {Promise<number>}
 */
function run(file, rest) {
  if (!existsSync(join(root, file))) {
    fail(`Task "${name}" runs ${file}, which does not exist. Create it, or restore it with git.`);
  }
  const sources = ['--conditions=@presence/source', '--disable-warning=ExperimentalWarning'];
  return runChild(projectNode(), [...sources, file, ...rest], {
    cwd: root,
    env: taskEnvironment({ PRESENCE_FULL_RUN: name === 'test' && args.length === 0 ? '1' : '' }),
  }).catch((error) => fail(`Node could not be started: ${error.message}.`));
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(`[presence] ${message}`);
  process.exit(1);
}
