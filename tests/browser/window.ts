import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';

/** One tab of the demo, as the person in front of it sees it. */
export interface Window {
  readonly page: Page;
  /** What the list shows of somebody. */
  status(userId: string): Promise<string | null>;
  /** Waits until the list shows it. */
  sees(userId: string, status: string, withinMs?: number): Promise<void>;
  /** Every status that the list has shown of somebody since its first answer, without repetitions. */
  history(userId: string): Promise<readonly string[]>;
  connection(): Promise<{ connection: string; transport: string; role: string }>;
  connects(withinMs?: number): Promise<void>;
  /** Sockets that this tab opened and that are still open. */
  openSockets(): number;
  /** Moves the mouse once. */
  moves(): Promise<void>;
}

/** Runs in the page before anything of it: writes down what each row shows, and when it changes. */
const recordRows = (): void => {
  const shown: Record<string, string[]> = {};
  Object.assign(globalThis, { shown });
  const read = (): void => {
    for (const row of document.querySelectorAll<HTMLElement>('[data-user][data-status]')) {
      const { user = '', status = '' } = row.dataset;
      if (row.dataset.testid) continue;
      const list = (shown[user] ??= []);
      if (list.at(-1) !== status) list.push(status);
    }
  };
  new MutationObserver(read).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['data-status'],
  });
};

const countSockets = (page: Page): (() => number) => {
  let open = 0;
  page.on('websocket', (socket) => {
    open += 1;
    socket.on('close', () => (open -= 1));
  });
  return () => open;
};

let moved = 0;

/** Opens a tab as somebody; in the same context it is another tab of the same browser. */
export const openWindow = async (
  context: BrowserContext,
  url: string,
  userId: string,
): Promise<Window> => {
  const page = await context.newPage();
  await page.addInitScript(recordRows);
  const openSockets = countSockets(page);
  await page.goto(`${url}/as/${userId}`);
  const row = (id: string) => page.locator(`[data-user="${id}"]:not([data-testid])`).first();
  const pill = page.getByTestId('connection');

  const connection: Window['connection'] = async () => ({
    connection: (await pill.getAttribute('data-connection')) ?? '',
    transport: (await pill.getAttribute('data-transport')) ?? '',
    role: (await pill.getAttribute('data-role')) ?? '',
  });

  const window: Window = {
    page,
    status: (id) => row(id).getAttribute('data-status'),
    sees: (id, status, withinMs = 20_000) =>
      expect
        .poll(() => row(id).getAttribute('data-status'), { timeout: withinMs, interval: 50 })
        .toBe(status),
    history: async (id) => {
      const shown = await page.evaluate(
        (key) => (globalThis as unknown as { shown: Record<string, string[]> }).shown[key] ?? [],
        id,
      );
      return shown[0] === 'unknown' ? shown.slice(1) : shown;
    },
    connection,
    connects: (withinMs = 15_000) =>
      expect
        .poll(async () => (await connection()).connection, { timeout: withinMs, interval: 50 })
        .toBe('connected'),
    openSockets,
    moves: async () => {
      moved += 1;
      await page.mouse.move(100 + (moved % 50), 200);
    },
  };
  await window.connects();
  return window;
};

/** Awaits that something stays true for a while: what must not happen has to be given the time to happen. */
export const holds = async (forMs: number, check: () => Promise<void>): Promise<void> => {
  const end = performance.now() + forMs;
  do {
    await check();
    await new Promise((resolve) => setTimeout(resolve, 100));
  } while (performance.now() < end);
};
