import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Result {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly {
    readonly target: readonly unknown[];
    readonly any: readonly { readonly message: string }[];
  }[];
}

/** Runs axe on what the page shows now. One line for each thing that is wrong. */
const findings = async (page: Page): Promise<string[]> => {
  await page.evaluate(source);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        configure(spec: object): void;
        run(): Promise<{ violations: readonly Result[] }>;
      };
    };
    // A grid is one stop for the tab key: its arrow keys scroll what is in it.
    const selector = '*:not([role="grid"] *)';
    axe.configure({ rules: [{ id: 'scrollable-region-focusable', selector }] });
    // What is moving is between two colours.
    await Promise.all(document.getAnimations().map((each) => each.finished.catch(() => {})));
    return (await axe.run()).violations;
  });
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, any }) => `${id} ${target.join(' ')}: ${any[0]?.message ?? help}`),
  );
};

/** In light and in dark: what can be read in one may not be in the other. */
export const isAccessible = async (page: Page, what: string): Promise<void> => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect.soft(await findings(page), `${what}, ${colorScheme}`).toEqual([]);
  }
};
