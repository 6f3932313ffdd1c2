import { build } from 'esbuild';
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, inject } from 'vitest';

const server = fileURLToPath(new URL('../../packages/server/', import.meta.url));

/** What an application that has everything installed has beside the package. */
const INSTALLED = [
  'better-sqlite3',
  'eventemitter3',
  'ioredis',
  'kysely',
  'mysql2',
  'nanoid',
  'pg',
  'ws',
];

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Read {
  readonly code: number | null;
  readonly value: Readonly<Record<string, unknown>>;
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Everything printed so far. */
  printed(): string;
}

interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Of Node, before the program. */
  readonly flags?: readonly string[];
}

/** The command line tool as somebody has it who installed the package. */
export interface Cli {
  /** Where tests may put files. */
  readonly folder: string;
  start(args: readonly string[], options?: RunOptions): Running;
  run(args: readonly string[], options?: RunOptions): Promise<Ended>;
  /** The same with `--json`: the exit code and what was printed, read. */
  json(args: readonly string[], options?: RunOptions): Promise<Read>;
}

const writePackage = async (folder: string, without: readonly string[]): Promise<void> => {
  await build({
    entryPoints: { index: join(server, 'src/cli/index.ts') },
    outdir: join(folder, 'dist/cli'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    // Core comes from its sources, which not every Node reads.
    conditions: ['@presence/source'],
    external: INSTALLED,
  });
  cpSync(join(server, 'bin'), join(folder, 'bin'), { recursive: true });
  const manifest = {
    name: '@presence/server',
    version: '0.0.1',
    type: 'module',
    exports: { './package.json': './package.json' },
    imports: { '#cli': './dist/cli/index.js' },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  for (const name of INSTALLED.filter((each) => !without.includes(each))) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(server, 'node_modules', name), link);
  }
};

const startIn =
  (folder: string, node: string): Cli['start'] =>
  (args, { env = {}, flags = [] } = {}) => {
    const program = join(folder, 'bin/presence.js');
    const child = spawn(node, [...flags, program, ...args], {
      cwd: folder,
      env: { ...process.env, PRESENCE_DATABASE_URL: '', ...env },
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const ended = new Promise<Ended>((resolve) => {
      child.once('close', (code) => resolve({ code, out, err }));
    });
    return { child, ended, printed: () => out + err };
  };

/**
 * Bundles the tool and installs it into a folder of its own, for the tests of one file.
 *
 * @param without packages that are not installed beside it
 * @param options.node that runs it; default the one of the tests
 */
export const useCli = (
  without: readonly string[] = [],
  { node = process.execPath }: { readonly node?: string } = {},
): Cli => {
  const late: { folder: string } = { folder: '' };
  beforeAll(async () => {
    // Far from this repository, so that nothing is found which is not installed.
    late.folder = mkdtempSync(join(tmpdir(), 'presence-cli-'));
    await writePackage(late.folder, without);
  });
  const running = new Set<ChildProcess>();
  afterAll(() => {
    for (const child of running) child.kill('SIGKILL');
    rmSync(late.folder, { recursive: true, force: true });
  });

  const start: Cli['start'] = (args, options) => {
    const started = startIn(late.folder, node)(args, options);
    running.add(started.child);
    void started.ended.finally(() => running.delete(started.child));
    return started;
  };
  const run: Cli['run'] = (args, options) => start(args, options).ended;
  return {
    get folder() {
      return late.folder;
    },
    start,
    run,
    json: async (args, options) => {
      const { code, out, err } = await run([...args, '--json'], options);
      if (err !== '') throw new Error(`It had more to say than JSON: ${err}`);
      return { code, value: JSON.parse(out) as Read['value'] };
    },
  };
};

const serviceUrl = (name: 'postgres' | 'mariadb' | 'oneRedis'): string | null => {
  const found = inject(name);
  return 'service' in found ? found.service : null;
};

/** Where each store is; `null`: there is none here. */
export const STORES = Object.freeze({
  sqlite: () => 'sqlite:presence.db',
  postgres: () => serviceUrl('postgres'),
  mariadb: () => serviceUrl('mariadb'),
  redis: () => serviceUrl('oneRedis'),
});
