import { main } from './main.ts';
import { processIo } from './io.ts';

/** What `bin/presence.js` runs. Resolves with the exit code. */
export const runCli = (args: readonly string[]): Promise<number> => main(args, processIo(process));
