import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, missingChromium } from '../services/launch-chromium.ts';

const styles = new URL('../../packages/react/src/styles.css', import.meta.url);

const COMPONENTS = `
  <section class="presence-list"><ul class="presence-list__users"><li class="presence-list__user">
    <span class="presence-list__name">Ada</span><span class="presence-list__status">Busy</span>
  </li></ul></section>
  <div class="presence-picker">
    <button class="presence-picker__trigger"><span class="presence-picker__name">Busy</span></button>
    <div class="presence-picker__popup"><div class="presence-form__message">
      <input class="presence-field" value="Lunch">
      <p class="presence-form__failure">Not saved</p>
    </div></div>
  </div>`;

/** What text stands on what, by the classes of both; `null` is the page. */
const PAIRS: readonly (readonly [text: string, ground: string | null])[] = [
  ['presence-list__name', null],
  ['presence-list__status', null],
  ['presence-picker__name', 'presence-picker__trigger'],
  ['presence-picker__popup', 'presence-picker__popup'],
  ['presence-field', 'presence-field'],
  ['presence-form__failure', 'presence-picker__popup'],
];

const DARK = 'background: #16181c; color: #e8eaed';
const PAGES: readonly (readonly [name: string, root: string, body: string])[] = [
  ['a light page that declares nothing', '', ''],
  ['a dark page that declares nothing', '', `style="${DARK}"`],
  ['a page with color-scheme: dark', 'style="color-scheme: dark"', ''],
  ['a page that follows the system', 'style="color-scheme: light dark"', ''],
  ['data-theme="dark"', 'data-theme="dark"', `style="${DARK}"`],
  ['data-theme="light"', 'data-theme="light"', ''],
];

/** Contrast by WCAG of a text with what is painted below it, as the browser computed both. */
const contrasts = (pairs: typeof PAIRS): number[] => {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const canvasOf = (element: Element): string => {
    const probe = element.appendChild(document.createElement('i'));
    probe.style.color = 'Canvas';
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
  const luminance = (...layers: string[]): number => {
    if (!context) throw new Error('There is no canvas.');
    for (const layer of layers) {
      context.fillStyle = layer;
      context.fillRect(0, 0, 1, 1);
    }
    const [r = 0, g = 0, b = 0] = [...context.getImageData(0, 0, 1, 1).data].map((byte) => {
      const part = byte / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const page = [
    canvasOf(document.documentElement),
    getComputedStyle(document.body).backgroundColor,
  ];
  return pairs.map(([text, ground]) => {
    const grounds = [...page];
    const below = ground && document.querySelector(`.${ground}`);
    if (below) grounds.push(getComputedStyle(below).backgroundColor);
    const { color } = getComputedStyle(document.querySelector(`.${text}`) as Element);
    const both = [luminance(...grounds), luminance(...grounds, color)];
    return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
  });
};

describe.skipIf(missingChromium())('the style sheet of the React package', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await launchChromium();
    page = await browser.newPage();
  });
  afterAll(() => browser?.close());

  describe.each(['light', 'dark'] as const)('with a system set to %s', (colorScheme) => {
    it.each(PAGES)('can be read on %s', async (_name, root, body) => {
      const css = await readFile(styles, 'utf8');
      await page.emulateMedia({ colorScheme });
      await page.setContent(
        `<!doctype html><html ${root}><style>${css}</style><body ${body}>${COMPONENTS}`,
      );
      for (const [index, contrast] of (await page.evaluate(contrasts, PAIRS)).entries()) {
        expect(contrast, String(PAIRS[index])).toBeGreaterThan(4.5);
      }
    });
  });

  it('is dark where the page is, not where the system is', async () => {
    const css = await readFile(styles, 'utf8');
    await page.emulateMedia({ colorScheme: 'dark' });
    const ground = async (root: string): Promise<string> => {
      await page.setContent(`<!doctype html><html ${root}><style>${css}</style>${COMPONENTS}`);
      const field = page.locator('.presence-field');
      return field.evaluate((element) => getComputedStyle(element).backgroundColor);
    };
    const [plain, dark, themed, light] = [
      await ground(''),
      await ground('style="color-scheme: dark"'),
      await ground('data-theme="dark"'),
      await ground('data-theme="light" style="color-scheme: dark"'),
    ];
    expect(plain).toBe('rgb(255, 255, 255)');
    expect(light).toBe(plain);
    expect(dark).not.toBe(plain);
    expect(themed).toBe(dark);
  });
});
