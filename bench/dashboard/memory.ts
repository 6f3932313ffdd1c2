// What a page holds: asked of Chromium, which counts JavaScript, documents and what they share; and of the system, which
// knows what the page's process has for itself alone, Chromium's own code and caches included.
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';

export interface PageMemory {
  /** What scripts hold after everything was collected that can be. */
  readonly heap: number;
  readonly nodes: number;
  /** What the process of the page has alone. */
  readonly process: number;
}

interface ProcessInfo {
  readonly id: number;
  readonly type: string;
}

const privateBytes = (pid: number): number => {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kilobytes = [...text.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm)];
  return kilobytes.reduce((sum, [, number]) => sum + Number(number) * 1024, 0);
};

/** The process of the page, in a browser that has only this one page open. */
const ownProcess = async (browser: Browser): Promise<number> => {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = (await session.send('SystemInfo.getProcessInfo')) as {
    readonly processInfo: readonly ProcessInfo[];
  };
  await session.detach();
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => privateBytes(id));
  return Math.max(...sizes);
};

export const pageMemory = async (browser: Browser, page: Page): Promise<PageMemory> => {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  for (let round = 0; round < 3; round += 1) await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (wanted: string): number =>
    metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN;
  const memory = {
    heap: of('JSHeapUsedSize'),
    nodes: of('Nodes'),
    process: await ownProcess(browser),
  };
  await session.detach();
  return memory;
};
