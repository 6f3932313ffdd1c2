import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { MissingService } from './missing-service.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const macApps = ['Google Chrome', 'Chromium'].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);

/** Longer than any other install that may hold the lock of dpkg. */
const lockTimeoutSeconds = 300;

/**
 * Where Chromium is: the path in CHROMIUM_PATH, else an installed browser, else Debian's package, installed on the way.
 * @throws MissingService where there is none and none can be installed.
 */
export function ensureChromium(): string {
  const asked = process.env['CHROMIUM_PATH'];
  if (asked) {
    if (isExecutable(asked)) return asked;
    throw new MissingService(
      'Chromium',
      `CHROMIUM_PATH is ${asked}, which is no executable file`,
      'Correct or unset it.',
    );
  }
  const installed = findInstalled();
  if (installed) return installed;
  const refusal = installFromDebian();
  const fresh = findInstalled();
  if (fresh) return fresh;
  throw new MissingService(
    'Chromium',
    `no browser in PATH (looked for ${names.join(', ')}), and ${refusal ?? 'the installed package brought none'}`,
    'Install Chromium or Chrome, or set CHROMIUM_PATH to its executable file.',
  );
}

function findInstalled(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const candidates = [...folders, '/usr/bin'].flatMap((folder) =>
    names.map((name) => join(folder, name)),
  );
  return [...candidates, ...macApps].find(isExecutable);
}

/** Returns why it could not install, or undefined when it did. */
function installFromDebian(): string | undefined {
  if (!existsSync('/etc/debian_version')) return 'this is not Debian';
  if (process.getuid?.() !== 0) return 'installing it needs root';
  console.error('[presence/tests] Installing Chromium from Debian, once');
  const commands = [['update'], ['install', '-y', '--no-install-recommends', 'chromium']];
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

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
