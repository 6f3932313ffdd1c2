#!/usr/bin/env node
import { runCli } from '#cli';

// Node says of its SQLite that it is experimental each time; nobody at a terminal can do anything about it.
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  if (warning.name !== 'ExperimentalWarning') process.stderr.write(`${warning}\n`);
});

// The timers of the system clock keep no process alive, and a command may wait for nothing else.
const alive = setInterval(() => undefined, 60_000);
process.exitCode = await runCli(process.argv.slice(2));
clearInterval(alive);
