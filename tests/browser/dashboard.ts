import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { signIn } from './quickstart.ts';

/** The dashboard of the demo, as an admin sees it. */
export interface DashboardWindow {
  readonly page: Page;
  /** What the table shows of somebody. */
  sees(userId: string, status: string, withinMs?: number): Promise<void>;
  /** Opens somebody's page. */
  open(userId: string): Promise<void>;
  /** Suspends whoever is open. */
  suspend(): Promise<void>;
  /** What the content policy forbade, and what the page threw. */
  readonly problems: readonly string[];
}

const collectProblems = async (page: Page): Promise<readonly string[]> => {
  const problems: string[] = [];
  page.on('pageerror', (error) => void problems.push(error.message));
  await page.exposeFunction('onViolation', (text: string) => void problems.push(text));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      const { onViolation } = globalThis as unknown as { onViolation(text: string): void };
      onViolation(`${violatedDirective}: ${blockedURI}`);
    });
  });
  return problems;
};

/** Opens the dashboard, and says by a token who is there, as the page asks for one. */
export const openDashboard = async (
  context: BrowserContext,
  url: string,
  userId: string,
): Promise<DashboardWindow> => {
  const page = await context.newPage();
  const problems = await collectProblems(page);
  await page.goto(`${url}/presence/admin`);
  await page.getByRole('heading', { name: 'Sign in first' }).waitFor();
  await page.getByLabel('Access token').fill(await signIn(url, userId));
  await page.getByRole('button', { name: 'Use it' }).click();
  const row = (id: string) => page.locator(`.row[data-user="${id}"]`);
  return {
    page,
    problems,
    sees: (id, status, withinMs = 20_000) =>
      expect
        .poll(() => row(id).getAttribute('data-status'), { timeout: withinMs, interval: 50 })
        .toBe(status),
    open: async (id) => {
      await row(id).click();
      await page.getByTestId('why').waitFor();
    },
    suspend: async () => {
      await page.getByRole('button', { name: 'Suspend' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Suspended' }).click();
    },
  };
};
