import { delimiter, join } from 'node:path';
import { root } from './root.mjs';

// npm describes its own run in npm_* variables, and pnpm, npx and publint read them as orders. What says how to reach the
// registry is kept for the install.
const reachesRegistry = /^npm_config_(registry|userconfig|cache|cafile|proxy|https_proxy|noproxy)$/;

/**
 * The environment of the install.
 * @returns {NodeJS.ProcessEnv}
 */
export const installEnvironment = () => ({
  ...without((name) => name.startsWith('npm_') && !reachesRegistry.test(name)),
  // Replacing an old node_modules would ask a question otherwise.
  CI: 'true',
});

/**
 * The environment of a task: the project's own tools come first.
 * @param {Record<string, string>} extra
 * @returns {NodeJS.ProcessEnv}
 */
export const taskEnvironment = (extra) => ({
  ...without((name) => name.startsWith('npm_')),
  PATH: [join(root, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter),
  ...extra,
});

/**
 * @param {(name: string) => boolean} isDropped
 * @returns {NodeJS.ProcessEnv}
 */
function without(isDropped) {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isDropped(name)));
}
