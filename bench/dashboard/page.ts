// What a page does while somebody scrolls in it, seen from inside: frames, and whether rows were there to be seen.
import type { CDPSession, Page } from 'playwright-core';

export interface Scrolled {
  readonly framesPerSecond: number;
  /** Ms of the slowest frame of a hundred. */
  readonly slowMs: number;
  /** Ms that the page's one thread worked for a frame, styles, layout and painting included: hardly moved by what else runs. */
  readonly workMs: number;
  /** Share of the frames in which some place in view had no row. */
  readonly emptyShare: number;
}

interface Scrolling {
  /** Pixels a second. */
  readonly speed: number;
  readonly forMs: number;
  /** Turns back where the rows end, or here: pixels from the top. */
  readonly within?: number;
}

/** Runs in the page. A frame counts when its script has run: what a busy page misses, it does not draw. */
const scrollInside = ({ speed, forMs, within = Infinity }: Scrolling): Promise<number[][]> =>
  new Promise((resolve) => {
    const part = document.querySelector<HTMLElement>('[data-testid="rows"]');
    if (!part) throw new Error('There are no rows.');
    const frames: number[][] = [];
    let direction = 1;
    const isCovered = (): boolean => {
      const view = part.getBoundingClientRect();
      return [1, view.height / 2, view.height - 2].every((down) => {
        const seen = document.elementFromPoint(view.left + 20, view.top + down);
        return seen?.closest('.row:not([data-absent])') !== null;
      });
    };
    let before = performance.now();
    const startedAt = before;
    const frame = (at: number): void => {
      frames.push([at, isCovered() ? 0 : 1]);
      if (at - startedAt > forMs) return resolve(frames);
      const end = Math.min(within, part.scrollHeight - part.clientHeight);
      if (part.scrollTop >= end - 1) direction = -1;
      else if (part.scrollTop <= 0) direction = 1;
      part.scrollTop += (direction * speed * (at - before)) / 1000;
      before = at;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });

const workedMs = async (session: CDPSession): Promise<number> => {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
};

export const scroll = async (page: Page, how: Scrolling): Promise<Scrolled> => {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const before = await workedMs(session);
  const frames = await page.evaluate(scrollInside, how);
  const worked = (await workedMs(session)) - before;
  await session.detach();
  const times = frames.map(([at = 0]) => at);
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
  const total = (times.at(-1) ?? 0) - (times[0] ?? 0);
  return {
    framesPerSecond: (gaps.length * 1000) / total,
    slowMs: gaps.toSorted((a, b) => b - a)[Math.floor(gaps.length / 100)] ?? Number.NaN,
    workMs: worked / frames.length,
    emptyShare: frames.filter(([, isEmpty]) => isEmpty === 1).length / frames.length,
  };
};

/** Goes to the end again and again until there are no more rows to come; answers how many there are. */
export const scrollToEnd = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const part = document.querySelector<HTMLElement>('[data-testid="rows"]');
    const grid = document.querySelector('.grid');
    if (!part || !grid) throw new Error('There are no rows.');
    const rows = (): number => Number(grid.getAttribute('aria-rowcount'));
    while (rows() < 0) {
      part.scrollTop = part.scrollHeight;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return rows() - 1;
  });
