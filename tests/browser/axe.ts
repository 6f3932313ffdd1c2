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

const PHONE = { width: 360, height: 740 };

/** What does not fit a phone: the page, where it scrolls sideways, and buttons that are narrower than what they say. */
const tooWide = async (page: Page): Promise<string[]> => {
  const before = page.viewportSize();
  await page.setViewportSize(PHONE);
  const found = await page.evaluate(() => {
    const { scrollWidth } = document.documentElement;
    const buttons = [...document.querySelectorAll('button, .button')].filter(
      (each) => each.clientWidth > 1 && each.scrollWidth > each.clientWidth + 1,
    );
    const cut = buttons.map(
      (each) => `${each.textContent}: ${each.scrollWidth} in ${each.clientWidth}`,
    );
    return scrollWidth > innerWidth ? [`the page: ${scrollWidth}`, ...cut] : cut;
  });
  if (before) await page.setViewportSize(before);
  return found;
};

/** In light and in dark: what can be read in one may not be in the other. And as narrow as a phone. */
export const isAccessible = async (page: Page, what: string): Promise<void> => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect.soft(await findings(page), `${what}, ${colorScheme}`).toEqual([]);
  }
  expect.soft(await tooWide(page), `${what}, on a phone`).toEqual([]);
};
