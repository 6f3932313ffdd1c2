import type { Page } from 'playwright-core';

/** A row of the directory that was on screen. */
export interface ScrolledRow {
  readonly userId: string;
  /** When it came into view, by the page's clock. */
  readonly from: number;
  /** For how long, in ms; of a row that is still there, until now. */
  readonly shownMs: number;
  /** From when it came into view until its dot was one that is known; `null`: it never was. */
  readonly knownAfterMs: number | null;
  /** What its dot was while it was on screen, `unknown` left out. */
  readonly statuses: readonly string[];
}

interface Row {
  userId: string;
  from: number;
  until: number | null;
  knownAt: number | null;
  statuses: string[];
}

/** Runs in the page before anything of it: notes when each row of the directory came into view, and what its dot was then. */
export const recordRows = (): void => {
  const rows: Row[] = [];
  const open = new Map<Element, Row>();
  Object.assign(globalThis, { scrolledRows: rows });
  const read = (element: Element): void => {
    const row = open.get(element);
    const status = (element as HTMLElement).dataset['status'];
    if (!row || status === undefined || status === 'unknown') return;
    row.knownAt ??= performance.now();
    if (row.statuses.at(-1) !== status) row.statuses.push(status);
  };
  const end = (element: Element): void => {
    const row = open.get(element);
    if (row) row.until = performance.now();
    open.delete(element);
  };
  const inView = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting, time } of entries) {
      if (!isIntersecting) end(target);
      else if (!open.has(target)) {
        const userId = (target as HTMLElement).dataset['user'] ?? '';
        const row: Row = { userId, from: time, until: null, knownAt: null, statuses: [] };
        rows.push(row);
        open.set(target, row);
        read(target);
      }
    }
  });
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes, removedNodes } of changes) {
      if (type === 'attributes') read(target as Element);
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue;
        for (const row of [node, ...node.querySelectorAll('.directory-row')]) {
          if (row.matches('.directory-row')) inView.observe(row);
        }
      }
      for (const node of removedNodes) if (node instanceof Element) end(node);
    }
  }).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['data-status'],
  });
};

export const scrolledRows = async (page: Page): Promise<readonly ScrolledRow[]> => {
  const [rows, now] = await page.evaluate(
    () =>
      [(globalThis as unknown as { scrolledRows: Row[] }).scrolledRows, performance.now()] as const,
  );
  return rows.map(({ userId, from, until, knownAt, statuses }) => ({
    userId,
    from,
    shownMs: (until ?? now) - from,
    knownAfterMs: knownAt === null ? null : Math.max(0, knownAt - from),
    statuses,
  }));
};
