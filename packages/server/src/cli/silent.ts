import type { Logger } from '../types.ts';

const silent = (): void => undefined;

/** A command says what it has to say by its answer. */
export const SILENT: Logger = Object.freeze({
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
});
