import { spawn } from 'node:child_process';

/** How often an npm script looks whether npm is still there. */
const LOOK_MS = 250;

/**
 * Runs a program to its end, in sight, and passes on what is asked of this process meanwhile.
 * @param {string} file
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>} its exit status
 */
export function runChild(file, args, options) {
  const child = spawn(file, args, { ...options, stdio: 'inherit' });
  const stops = passOnSignals(child);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      for (const stop of stops) stop();
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {(() => void)[]}
 */
function passOnSignals(child) {
  // Ctrl+C reaches the child from the terminal, and twice would force it; any other signal has to be passed on.
  const onTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  return [
    on('SIGINT', () => void (onTerminal || child.kill('SIGINT'))),
    on('SIGTERM', () => void child.kill('SIGTERM')),
    on('SIGHUP', () => void child.kill('SIGHUP')),
    whenOrphaned(() => void child.kill('SIGTERM')),
  ];
}

/**
 * @param {NodeJS.Signals} signal
 * @param {() => void} listener
 */
function on(signal, listener) {
  process.on(signal, listener);
  return () => void process.off(signal, listener);
}

/**
 * npm signals the shell that it started, and a shell that dies of it tells nobody: all that is seen here is another parent.
 * @param {() => void} listener
 */
function whenOrphaned(listener) {
  const parent = process.ppid;
  const isOfNpm = process.env['npm_lifecycle_event'] !== undefined;
  if (!isOfNpm) return () => undefined;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    listener();
  }, LOOK_MS);
  return () => clearInterval(timer);
}
