import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { exists } from '../tests/services/guarded.ts';

let folder: string;

/** Says its number and what it was told, and takes its time to end. */
const PROGRAM = `
const told = (signal) => { console.log('told ' + signal); setTimeout(() => process.exit(0), 300); };
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.once(signal, () => told(signal));
setInterval(() => {}, 1000);
console.log('program ' + process.pid);
`;

const door = JSON.stringify(new URL('./child.mjs', import.meta.url).href);
const START = `
import { runChild } from ${door};
console.log('door ' + process.pid);
process.exit(await runChild(process.execPath, ['program.mjs'], {}));
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'presence-child-'));
  writeFileSync(join(folder, 'program.mjs'), PROGRAM);
  writeFileSync(join(folder, 'start.mjs'), START);
  const manifest = { name: 'child', private: true, scripts: { start: 'node start.mjs' } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const started: number[] = [];
afterEach(() => {
  for (const pid of started.splice(0).filter(exists)) process.kill(pid, 'SIGKILL');
});

/** A program behind the door. */
const start = async (command: string, args: readonly string[]) => {
  const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  const pidOf = (who: string): number => Number(new RegExp(`${who} (\\d+)`).exec(output)?.[1]);
  await vi.waitFor(() => expect(pidOf('program')).toBeGreaterThan(0), 20_000);
  const all = [child.pid!, pidOf('door'), pidOf('program')];
  started.push(...all);
  return {
    child,
    output: () => output,
    gone: () => vi.waitFor(() => expect(all.filter(exists)).toEqual([]), 20_000),
  };
};

// A signal that npm alone gets; Ctrl+C reaches all of them.
test('npm that is ended by SIGTERM takes the program with it', async () => {
  const { child, output, gone } = await start('npm', ['start']);
  child.kill('SIGTERM');
  await gone();
  await vi.waitFor(() => expect(output()).toContain('told SIGTERM'), 5000);
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  'the door passes %s on and waits for the end',
  async (signal) => {
    const { child, output, gone } = await start(process.execPath, ['start.mjs']);
    child.kill(signal);
    await gone();
    await vi.waitFor(() => expect(output()).toContain(`told ${signal}`), 5000);
    expect(child.exitCode).toBe(0);
  },
);
