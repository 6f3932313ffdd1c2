import type { AdminUser, AdminUsersAnswer } from '@presence/core/protocol';

/** A page of the table, as it was last answered. */
export interface Page {
  /** What to ask it again with; absent for the first. */
  readonly cursor: string | undefined;
  /** `null`: let go of, for nobody is near; asked for again when somebody is. */
  readonly users: readonly AdminUser[] | null;
  readonly size: number;
  /** The last user; `null`: nothing is behind it. */
  readonly end: string | null;
  /** Absent on the last. */
  readonly next: string | undefined;
}

/** Pages from the first on, without a gap. */
export type Pages = readonly Page[];

/** Rows by their number, of however many pages there are; reading them copies no more than is read. */
export interface Rows {
  readonly length: number;
  /** Absent where there is no such row, or it was let go of. */
  at(row: number): AdminUser | undefined;
  /** Both included. */
  between(first: number, last: number): readonly (AdminUser | undefined)[];
}

export const pageOf = (
  cursor: string | undefined,
  { users, nextCursor: next }: AdminUsersAnswer,
): Page => {
  const end = next === undefined ? null : (users.at(-1)?.userId ?? '');
  return { cursor, users, size: users.length, end, next };
};

/** Puts a page in the place of the one that began at the same cursor, or at the end. */
export const withPage = (pages: Pages, page: Page): Pages => {
  const index = pages.findIndex(({ cursor }) => cursor === page.cursor);
  if (index < 0) return pages.at(-1)?.next === page.cursor ? [...pages, page] : pages;
  const before = pages.slice(0, index);
  // Where a page ends elsewhere now, those after it would repeat users or leave some out.
  return [...before, page, ...(pages[index]?.end === page.end ? pages.slice(index + 1) : [])];
};

/** Each page with the number of its first row. */
const placed = (pages: Pages): readonly (readonly [page: Page, start: number])[] => {
  let start = 0;
  return pages.map((page) => {
    const from = start;
    start += page.size;
    return [page, from];
  });
};

/** Pages that hold any of these rows. */
export const pagesBetween = (pages: Pages, first: number, last: number): Pages =>
  placed(pages)
    .filter(([{ size }, start]) => start <= last && start + size > first)
    .map(([page]) => page);

/** Lets go of the users of every page that holds none of these rows. */
export const heldBetween = (pages: Pages, first: number, last: number): Pages => {
  const near = new Set(pagesBetween(pages, first, last));
  return pages.map((page) => (near.has(page) || !page.users ? page : { ...page, users: null }));
};

export const rowsOf = (pages: Pages): Rows => {
  const all = placed(pages);
  const at = (row: number): AdminUser | undefined => {
    const found = all.findLast(([, start]) => start <= row);
    return found?.[0].users?.[row - found[1]];
  };
  const length = pages.reduce((sum, { size }) => sum + size, 0);
  return {
    length,
    at,
    between: (first, last) => {
      const rows = Math.min(length - 1, last) - first + 1;
      return Array.from({ length: Math.max(0, rows) }, (_, offset) => at(first + offset));
    },
  };
};
