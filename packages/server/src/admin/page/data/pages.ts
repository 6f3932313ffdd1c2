import type { AdminUser, AdminUsersAnswer } from '@presence/core/protocol';

/** A page of the table, as it was last answered. */
export interface Page {
  /** What to ask it again with; absent for the first. */
  readonly cursor: string | undefined;
  readonly users: readonly AdminUser[];
  /** Absent on the last. */
  readonly next: string | undefined;
}

/** Pages from the first on, without a gap. */
export type Pages = readonly Page[];

export const pageOf = (cursor: string | undefined, answer: AdminUsersAnswer): Page => ({
  cursor,
  users: answer.users,
  next: answer.nextCursor,
});

/** Puts a page in the place of the one that began at the same cursor, or at the end. */
export const withPage = (pages: Pages, page: Page): Pages => {
  const index = pages.findIndex(({ cursor }) => cursor === page.cursor);
  if (index < 0) return pages.at(-1)?.next === page.cursor ? [...pages, page] : pages;
  const before = pages.slice(0, index);
  const isEndSame = endOf(pages[index]) === endOf(page);
  // Where a page ends elsewhere now, those after it would repeat users or leave some out.
  return [...before, page, ...(isEndSame ? pages.slice(index + 1) : [])];
};

const endOf = (page: Page | undefined): string | null =>
  page?.next === undefined ? null : (page.users.at(-1)?.userId ?? '');

/** Pages that hold any of these rows. */
export const pagesBetween = (pages: Pages, first: number, last: number): Pages => {
  let start = 0;
  return pages.filter(({ users }) => {
    const from = start;
    start += users.length;
    return from <= last && start > first;
  });
};

export const rowsOf = (pages: Pages): readonly AdminUser[] => pages.flatMap(({ users }) => users);
