// The list of test projects. vitest.config.ts imports it, and scripts/vitest/project-reporter.ts fails a full run in
// which a project that has test files ran none of them.
import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defaultServerConditions } from 'vite';
import type { TestProjectInlineConfiguration } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const react18 = here('./tests/react-18/node_modules');

// Tests run the packages from their sources, so that no test ever sees a stale build.
const fromSource = {
  resolve: { conditions: ['@presence/source', ...defaultClientConditions] },
  ssr: { resolve: { conditions: ['@presence/source', ...defaultServerConditions] } },
};

const skipped = ['**/node_modules/**', '**/dist/**'];

interface Project extends TestProjectInlineConfiguration {
  test: NonNullable<TestProjectInlineConfiguration['test']> & { name: string };
}

type Test = NonNullable<TestProjectInlineConfiguration['test']>;

const project = (name: string, test: Test): Project => ({
  ...fromSource,
  root: here('./'),
  // No test waits for real time to pass; a machine with other work to do may still take several times as long.
  test: { exclude: skipped, environment: 'node', testTimeout: 30_000, ...test, name },
});

const inPackage = (name: string): string[] => [`packages/${name}/src/**/*.test.{ts,tsx}`];

const react: Test = { include: inPackage('react'), environment: 'jsdom' };

const react18Only: Project = {
  ...project('react-18', react),
  resolve: {
    ...fromSource.resolve,
    // The Testing Library has to come from beside React 18 as well: it would bring its own React otherwise.
    alias: [
      { find: /^(react|react-dom)(\/.*)?$/, replacement: `${react18}/$1$2` },
      { find: /^@testing-library\/react$/, replacement: `${react18}/@testing-library/react` },
    ],
  },
};

export const projects: Project[] = [
  project('core', { include: inPackage('core') }),
  project('server', {
    include: inPackage('server'),
    exclude: [
      ...skipped,
      'packages/server/src/stores/redis/**',
      'packages/server/src/stores/sql/**',
    ],
  }),
  project('redis', {
    include: ['packages/server/src/stores/redis/**/*.test.ts'],
    globalSetup: [here('./tests/services/redis-setup.ts')],
    testTimeout: 120_000,
    hookTimeout: 60_000,
  }),
  project('sql', {
    include: ['packages/server/src/stores/sql/**/*.test.ts'],
    globalSetup: [here('./tests/services/sql-setup.ts')],
    testTimeout: 300_000,
    hookTimeout: 120_000,
  }),
  project('client', { include: inPackage('client') }),
  project('react', react),
  react18Only,
  project('scripts', { include: ['scripts/**/*.test.ts'] }),
  project('simulation', { include: ['simulation/**/*.test.ts'], testTimeout: 60_000 }),
  project('examples', { include: ['examples/**/*.test.{ts,tsx}'], testTimeout: 30_000 }),
  project('integration', {
    include: ['tests/**/*.test.{ts,tsx}'],
    exclude: [...skipped, 'tests/browser/**', 'tests/faults/**'],
    globalSetup: [
      here('./tests/services/one-redis-setup.ts'),
      here('./tests/services/sql-setup.ts'),
    ],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  }),
  project('e2e', {
    include: ['tests/browser/**/*.test.{ts,tsx}'],
    globalSetup: [
      here('./tests/services/chromium-setup.ts'),
      here('./tests/services/one-redis-setup.ts'),
    ],
    // One browser at a time: the tests measure seconds, and parallel browsers would steal them from each other.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  }),
  project('faults', {
    include: ['tests/faults/**/*.test.ts'],
    globalSetup: [here('./tests/services/redis-server-setup.ts')],
    // After all others, and one at a time: what is measured here is when processes tell each other.
    fileParallelism: false,
    sequence: { groupOrder: 1 },
    testTimeout: 300_000,
    hookTimeout: 60_000,
  }),
];

export const projectNames: string[] = projects.map(({ test }) => test.name);
