import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { exists, leftOver, startGuarded } from '../services/guarded.ts';
import { until } from './waiting.ts';

const guarded = fileURLToPath(new URL('../services/guarded.ts', import.meta.url));

/** Starts what never ends by itself, says its number, and waits to be killed. */
const PARENT = `
  import { startGuarded } from ${JSON.stringify(guarded)};
  console.log(startGuarded('sleep', ['600'], { stdio: 'ignore' }).pid);
  setInterval(() => undefined, 1000);
`;

describe('processes that tests start', () => {
  it('are gone when the one that started them is killed', async () => {
    const parent = spawn(process.execPath, ['--input-type=module', '-e', PARENT], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [text] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(text.toString());
    expect(exists(pid)).toBe(true);
    parent.kill('SIGKILL');
    await until(() => (exists(pid) ? `${pid} is there` : null), 5000);
  });

  it('leave nothing when they are killed, also while they stand still', async () => {
    const stopped = startGuarded('sleep', ['600'], { stdio: 'ignore' });
    stopped.signal('SIGSTOP');
    expect(leftOver()).toContain(stopped.pid);
    await stopped.kill();
    expect(leftOver()).toEqual([]);
  });

  it('leave nothing when they end by themselves', async () => {
    const short = startGuarded('true', [], { stdio: 'ignore' });
    await until(() => (leftOver().length > 0 ? 'something is left' : null), 5000);
    expect(short.isRunning).toBe(false);
  });
});
