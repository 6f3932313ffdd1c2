/**
 * What each npm script runs: a list of files for Node with their arguments, one after the other.
 * @type {Record<string, ((args: string[]) => string[][]) | undefined>}
 */
export const tasks = {
  start: (args) => [['examples/quickstart/server.ts', ...args]],
  'example:cluster': (args) => [['examples/cluster/cluster.ts', ...args]],
  'example:admin-panel': (args) => [['examples/admin-panel/server.ts', ...args]],
  'example:chat': (args) => [['examples/chat/server.ts', ...args]],
  'example:workspace': (args) => [['examples/workspace/server.ts', ...args]],
  test: (args) => [['node_modules/vitest/vitest.mjs', 'run', ...args]],
  check: (args) => [['scripts/check.ts', ...args]],
  build: (args) => [['scripts/build.ts', ...args]],
  format: (args) => [
    ['node_modules/prettier/bin/prettier.cjs', '--write', ...(args.length ? args : ['.'])],
  ],
  bench: (args) => [['bench/run.ts', ...args]],
  simulate: ([first, ...rest]) =>
    first === 'capacity'
      ? [['simulation/capacity/run.ts', ...rest]]
      : [['simulation/run.ts', ...(first === undefined ? [] : [first, ...rest])]],
  faults: (args) => [['tests/faults/run.ts', ...args]],
  presence: (args) => [['packages/server/bin/presence.js', ...args]],
  changeset: (args) => [['node_modules/@changesets/cli/bin.js', ...args]],
};
