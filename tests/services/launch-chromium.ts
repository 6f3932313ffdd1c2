import { chromium, type Browser } from 'playwright-core';
import { inject } from 'vitest';

const flags = [
  '--no-sandbox', // Chromium refuses its sandbox to root, and containers run as root.
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Why the browser tests cannot run here, for `describe.skipIf`; undefined where they can. */
export function missingChromium(): string | undefined {
  const found = inject('chromium');
  return 'missing' in found ? found.missing : undefined;
}

/**
 * A headless Chromium with an empty profile. The caller closes it.
 *
 * @param options.backForwardCache pages that are left are frozen and may come back, as for people;
 *   automation switches it off otherwise
 */
export async function launchChromium({ backForwardCache = false } = {}): Promise<Browser> {
  const found = inject('chromium');
  if ('missing' in found) throw new Error(found.missing);
  return chromium.launch({
    executablePath: found.service,
    args: flags,
    ...(backForwardCache && { ignoreDefaultArgs: ['--disable-back-forward-cache'] }),
  });
}
