import { installFromDebian } from './debian.ts';
import { findProgram, isExecutable } from './executable.ts';
import { MissingService } from './missing-service.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const macApps = ['Google Chrome', 'Chromium'].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);

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
  const refusal = installFromDebian('chromium');
  const fresh = findInstalled();
  if (fresh) return fresh;
  throw new MissingService(
    'Chromium',
    `no browser in PATH (looked for ${names.join(', ')}), and ${refusal ?? 'the installed package brought none'}`,
    'Install Chromium or Chrome, or set CHROMIUM_PATH to its executable file.',
  );
}

function findInstalled(): string | undefined {
  return findProgram(names) ?? macApps.find(isExecutable);
}
