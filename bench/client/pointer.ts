// What the client costs a page over which a pointer moves: 10,000 events a second in Chromium.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { ensureChromium } from '../../tests/services/chromium.ts';
import { figure, median } from '../sides.ts';

const SECONDS = 5;
const ROUNDS = 5;

/** How many of the events of some seconds the client heard, and ms of the main thread that it took. */
const dispatch = (seconds: number): Promise<{ readonly took: number; readonly heard: number }> =>
  new Promise((resolve) => {
    const counted = globalThis as unknown as { heard: number; took: number };
    Object.assign(counted, { heard: 0, took: 0 });
    let turns = seconds * 100;
    // Not the page's own: that one is counted.
    const worker = new Worker(
      URL.createObjectURL(new Blob(['setInterval(() => postMessage(0), 10)'])),
    );
    worker.addEventListener('message', () => {
      for (let event = 0; event < 100; event += 1) {
        document.body.dispatchEvent(new PointerEvent('pointermove', { bubbles: true }));
      }
      turns -= 1;
      if (turns > 0) return;
      worker.terminate();
      resolve({ took: counted.took, heard: counted.heard });
    });
  });

const bundled = async (): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('page.ts', import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    conditions: ['@presence/source'],
  });
  return outputFiles[0]?.text ?? '';
};

export const measurePointer = async (): Promise<void> => {
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    // Chromium refuses its sandbox to root, and containers run as root.
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  const page = await browser.newPage();
  await page.route('**/*', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: '<!doctype html><title>Page</title>',
      // Isolated pages have a clock of 5 µs, others one of 100.
      headers: {
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
      },
    }),
  );
  await page.goto('http://localhost/');
  await page.addScriptTag({ content: await bundled(), type: 'module' });
  await page.waitForFunction(() => document.title === 'connected');
  const took: number[] = [];
  let heard = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const measured = await page.evaluate(dispatch, SECONDS);
    took.push(measured.took);
    heard = Math.max(heard, measured.heard);
  }
  await browser.close();
  figure('events a second that reach the client, of 10,000', heard / SECONDS, '', 'about 1');
  const share = (median(took) / (SECONDS * 1000)) * 100;
  figure('main-thread time of its listeners and timers', share, '%', 'under 0.1');
};
