// The layers as data: core <- server (adapters, stores), core <- client <- react.

interface Imports {
  /** Which sources, as paths below the repository. The last rule that fits a file holds. */
  files: RegExp;
  /** What they may import. Paths inside the package's own src are written from there: `src/index.ts`. */
  values: readonly RegExp[];
  /** What they may import besides, if by `import type` alone. */
  types?: readonly RegExp[];
  because: string;
}

const own = /^src\//;
const exactly = (name: string): RegExp => new RegExp(`^${name.replaceAll('.', '\\.')}$`);
const ownExcept = (folder: string): RegExp => new RegExp(`^src/(?!${folder}/)`);
const node = /^node:/;
const core = exactly('@presence/core');
const protocol = exactly('@presence/core/protocol');
const publicDoor = exactly('src/index.ts');

/** What an adapter is for, where its own name does not say it. */
const LIBRARIES: Readonly<Record<string, string>> = { 'socket-io': 'socket.io', jwt: 'jose' };

export const importRules: readonly Imports[] = [
  {
    files: /^packages\/core\/src\//,
    values: [ownExcept('protocol')],
    types: [own],
    because:
      'core has no dependency and no I/O. zod stands in src/protocol alone, an entry that browsers never load',
  },
  {
    files: /^packages\/core\/src\/protocol\//,
    values: [own, /^zod(\/|$)/],
    because: 'the wire protocol is made of core and zod',
  },
  {
    files: /^packages\/server\/src\//,
    values: [
      ownExcept('admin/page'),
      node,
      core,
      protocol,
      /^(eventemitter3|nanoid|ws|#admin-page)$/,
    ],
    because:
      'frameworks belong to src/adapters and database clients to the folder of their store, so that no entry loads a peer it does not name',
  },
  {
    files: /^packages\/server\/src\/admin\/bundle-page\.ts$/,
    values: [own, node, exactly('esbuild')],
    because:
      'the bundler makes the dashboard for the build and for tests, and no application loads it',
  },
  {
    files: /^packages\/server\/src\/admin\/page\//,
    values: [
      /^src\/admin\/page\//,
      core,
      exactly('@presence/client'),
      /^@presence\/react(\/styles\.css)?$/,
      /^react(-dom|-dom\/client|\/jsx-runtime)?$/,
    ],
    types: [protocol],
    because:
      'the dashboard runs in browsers and stands on the public packages, as an application would',
  },
  ...(['express', 'fastify', 'fetch', 'jwt', 'socket-io'] as const).map((name): Imports => ({
    files: new RegExp(`^packages/server/src/adapters/${name}\\.ts$`),
    values: [
      publicDoor,
      node,
      exactly(LIBRARIES[name] ?? name),
      exactly(`${name}-plugin`),
      new RegExp(`^src/adapters/${name}/`),
    ],
    because:
      'an adapter translates and decides nothing: it stands on the public door (../index.ts), its framework and node:, as an adapter of a third party would',
  })),
  {
    files: /^packages\/server\/src\/adapters\/socket-io\//,
    values: [publicDoor, node, /^src\/adapters\/socket-io\//, core, exactly('socket.io')],
    because:
      'an adapter stands on the public door, and reads rows with what core gives every client',
  },
  {
    files: /^packages\/server\/src\/stores\/redis\//,
    values: [own, node, core, exactly('ioredis')],
    because: 'the Redis store stands on core and ioredis',
  },
  {
    files: /^packages\/server\/src\/stores\/sql\//,
    values: [own, node, core, /^kysely(\/migration)?$/],
    because: 'the SQL stores stand on core and kysely',
  },
  {
    files: /^packages\/server\/src\/cli\//,
    values: [own, node, core, /^(ws|kysely|ioredis|pg|mysql2|better-sqlite3)$/],
    because:
      'the command line tool stands on the server, and opens the database that an application would pass in',
  },
  {
    files: /^packages\/server\/src\/testing\//,
    values: [own, node, core, protocol, exactly('@presence/core/testing'), exactly('fast-check')],
    because: 'what third parties test with stands on core, the server and fast-check',
  },
  {
    files: /^packages\/client\/src\//,
    values: [ownExcept('testing'), core, exactly('eventemitter3')],
    types: [protocol],
    because:
      'the client runs in browsers: the protocol is types there, and zod (25 kB) never gets in',
  },
  {
    files: /^packages\/client\/src\/testing\//,
    values: [own, core, exactly('@presence/core/testing'), /^msw(\/|$)/],
    types: [protocol],
    because: 'what applications test with stands on core, the client and msw',
  },
  {
    files: /^packages\/react\/src\//,
    values: [own, core, /^@presence\/client(\/admin)?$/, /^react(\/jsx-runtime)?$/],
    because: 'the React layer subscribes and selects; everything else is in the client',
  },
  {
    files: /^packages\/react\/src\/testing\//,
    values: [
      own,
      core,
      exactly('@presence/client'),
      exactly('@presence/client/testing'),
      /^react(\/jsx-runtime)?$/,
    ],
    because: 'what applications test with stands on the client and its scripted twin',
  },
];

interface Concern {
  name: string;
  /** Names as they are written: `setTimeout`, `Date.now`, `new Date()`. */
  names: readonly string[];
  /** Modules that give the same by import; with names where the module holds other things too. */
  modules: Readonly<Record<string, readonly string[] | 'all'>>;
  permitted: RegExp;
  advice: string;
}

export const concerns: readonly Concern[] = [
  {
    name: 'The clock and its timers',
    names: [
      'Date.now',
      'new Date()',
      'Date()',
      'performance.now',
      'setTimeout',
      'setInterval',
      'setImmediate',
      'requestAnimationFrame',
      'requestIdleCallback',
      'AbortSignal.timeout',
      'process.hrtime',
      'process.uptime',
    ],
    modules: {
      'node:timers': 'all',
      'node:timers/promises': 'all',
      'node:perf_hooks': ['performance'],
    },
    permitted: /^packages\/(server|client|react)\/src\/(admin\/page\/)?system-clock\.ts$/,
    advice: 'Take the injected Clock, or the instant as an argument',
  },
  {
    name: 'Chance',
    names: [
      'Math.random',
      'crypto.getRandomValues',
      'crypto.randomUUID',
      'crypto.randomBytes',
      'crypto.randomInt',
    ],
    modules: {
      nanoid: 'all',
      'node:crypto': [
        'randomBytes',
        'randomInt',
        'randomUUID',
        'randomFill',
        'randomFillSync',
        'getRandomValues',
      ],
    },
    permitted: /^packages\/(server|client)\/src\/system-random\.ts$/,
    advice: 'Take the injected Random',
  },
];
