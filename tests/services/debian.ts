import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Longer than any other install that may hold the lock of dpkg. */
const lockTimeoutSeconds = 300;

/** Installs a package of Debian; returns why it could not, or undefined when it did. */
export function installFromDebian(name: string): string | undefined {
  if (!existsSync('/etc/debian_version')) return 'this is not Debian';
  if (process.getuid?.() !== 0) return 'installing it needs root';
  console.error(`[presence/tests] Installing ${name} from Debian, once`);
  const commands = [['update'], ['install', '-y', '--no-install-recommends', name]];
  for (const args of commands) {
    const { status, stderr } = spawnSync(
      'apt-get',
      ['-qq', '-o', `DPkg::Lock::Timeout=${lockTimeoutSeconds}`, ...args],
      {
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
        encoding: 'utf8',
      },
    );
    if (status !== 0) return `\`apt-get ${args.join(' ')}\` failed: ${stderr.trim()}`;
  }
  return undefined;
}
