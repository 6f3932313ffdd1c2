import type { Clock } from '@presence/core';
import { systemClock } from '../system-clock.ts';

/** What a command sees of the process that runs it. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  out(text: string): void;
  err(text: string): void;
  /** Calls back once, when somebody at the terminal or a supervisor wants an end. */
  onStop(stop: () => void): void;
}

export const processIo = (process: NodeJS.Process): Io => {
  let isOver = false;
  // Whoever read the output may be gone, as `head` is after ten lines.
  process.stdout.on('error', () => {
    isOver = true;
    process.emit('SIGTERM');
  });
  return {
    env: process.env,
    clock: systemClock,
    out: (text) => void (isOver || process.stdout.write(`${text}\n`)),
    err: (text) => void process.stderr.write(`${text}\n`),
    onStop: (stop) => {
      process.once('SIGINT', stop);
      process.once('SIGTERM', stop);
    },
  };
};
