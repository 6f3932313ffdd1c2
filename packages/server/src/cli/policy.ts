import { resolvePolicy, type Policy } from '@presence/core';
import { readFileSync } from 'node:fs';
import { refused } from './failures.ts';

/**
 * The policy that the application judges by: what the command commits must be what a server would have.
 *
 * @throws PresenceError `invalid_options`, `invalid_policy`
 */
export const readPolicy = (file: string | undefined): Policy => {
  if (file === undefined) return resolvePolicy();
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw refused(`--policy ${file} is no file with JSON in it.`, error);
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw refused(`--policy ${file} must hold an object, such as { "awayAfterMs": 600000 }.`);
  }
  return resolvePolicy(given);
};
