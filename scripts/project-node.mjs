import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

/** The first that runs TypeScript without a flag. */
const oldest = { major: 22, minor: 18 };

/**
 * The Node that development runs on: the one in the lockfile where it is published for this platform, so that everybody
 * runs the same, and otherwise the system's.
 * @returns {string}
 */
export function projectNode() {
  const name = `node-${process.platform}-${process.arch}`;
  const own = join(root, 'node_modules', name, 'bin', 'node');
  if (existsSync(own)) return own;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) {
    return process.execPath;
  }
  console.error(
    `[presence] The package ${name} is not installed and the system's Node is ${process.versions.node}. ` +
      `Install Node ${oldest.major}.${oldest.minor} or newer, or run on Linux x64 or arm64, where the project brings its own.`,
  );
  process.exit(1);
}
