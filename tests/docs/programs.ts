import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fileNameOf, type Block } from './blocks.ts';

/** Where blocks are written as modules. */
interface Folder {
  readonly path: string;
  empty(): void;
  /** Writes a block as a module and gives its path. */
  write(block: Block, extension: string, wrap?: (code: string) => string): string;
}

/** Inside of this package, so that the programs find the packages as a reader's would; and with stand-ins for what needs a phone or a desktop. */
export const createFolder = (name: string): Folder => {
  const path = fileURLToPath(new URL(`./${name}/`, import.meta.url));
  return {
    path,
    empty() {
      rmSync(path, { recursive: true, force: true });
      cpSync(new URL('./stand-ins/', import.meta.url), `${path}node_modules`, { recursive: true });
    },
    write(block, extension, wrap = (code) => code) {
      const file = `${path}${fileNameOf(block)}.${extension}`;
      writeFileSync(file, wrap(block.code));
      return file;
    },
  };
};

const folder = createFolder('.generated');
export const writeProgram = folder.write;

export const emptyFolder = (): void => {
  folder.empty();
  mkdirSync(`${folder.path}prisma`, { recursive: true });
  writeFileSync(
    `${folder.path}prisma/client.ts`,
    "export { PrismaClient } from '../../prisma-client.ts';\n",
  );
};

/** A program under way, with everything it printed. */
export interface Running {
  readonly child: ChildProcess;
  output(): string;
  readonly ended: Promise<number>;
  stop(): Promise<void>;
}

export const runProgram = (path: string, env: Record<string, string> = {}): Running => {
  const child = spawn(process.execPath, ['--conditions=@presence/source', '--no-warnings', path], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
  return {
    child,
    output: () => printed,
    ended,
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
};

/** Awaits a server that somebody started: tries until it answers. */
export const answering = async (url: string, program: Running): Promise<Response> => {
  for (;;) {
    if (program.child.exitCode !== null) throw new Error(`It ended:\n${program.output()}`);
    try {
      return await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-user': 'ada' },
        body: '{}',
      });
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
};

/** A client outside of a page: it names the server in full, and signs in by the header that the examples believe. */
export const asClient = (port: number) => (code: string) => `
const platformFetch = globalThis.fetch;
globalThis.fetch = (url, init = {}) =>
  platformFetch(url, { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), 'x-user': 'ada' } });
${code.replace("url: '/presence'", `url: 'http://localhost:${port}/presence'`)}
process.exit(0);
`;

/** Signs somebody in over each of the two stores that the block makes, and reads how they are. */
export const keepingPresence = (code: string): string => `${code}
import { createPresence } from '@presence/server';
const security = { secret: 'a secret for the documents, long enough' };
const statuses = [];
for (const store of [withSentinel, onCluster]) {
  const presence = createPresence({ authenticate: () => null, store, security });
  await presence.signIn('ada');
  statuses.push((await presence.get('ada')).status);
  await presence.close();
  await store.close();
}
console.log(statuses.join(' '));
`;
