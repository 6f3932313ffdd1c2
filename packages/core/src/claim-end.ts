import type { Command } from './commands.ts';
import type { Instant } from './lease.ts';

/** A claim that lasts from `at` on, however much later it is applied; any other command as it is. */
export const lastingFrom = (command: Command, at: Instant): Command =>
  command.type === 'claim' && command.forMs !== undefined
    ? { ...command, forMs: undefined, until: at + command.forMs }
    : command;
