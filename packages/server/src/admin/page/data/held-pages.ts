import type { AdminUser, AdminUsersAnswer } from '@presence/core/protocol';
import { pageOf, pagesBetween, rowsOf, withPage, type Pages } from './pages.ts';
import { createValue, type Value } from './value.ts';

/** What the table shows. */
export interface Listed {
  readonly rows: readonly AdminUser[];
  /** The first answer is not there yet. */
  readonly isLoading: boolean;
  /** There is nothing behind the last row. */
  readonly isComplete: boolean;
  /** Why the last question was refused. */
  readonly failure: string | null;
}

/** The pages of one query that were loaded so far. */
export interface HeldPages {
  readonly listed: Value<Listed>;
  put(cursor: string | undefined, answer: AdminUsersAnswer): void;
  /** Says why there is nothing new. */
  refuse(reason: string): void;
  /** Begins anew; what was shown stays until there is something else. */
  forget(): void;
  /** What to ask for these rows with. */
  cursorsOf(first: number, last: number): readonly (string | undefined)[];
  /** What the page behind the last one is asked with; absent: there is none. */
  next(): string | undefined;
}

const NOTHING: Listed = { rows: [], isLoading: true, isComplete: false, failure: null };

export const createHeldPages = (): HeldPages => {
  const listed = createValue<Listed>(NOTHING);
  let pages: Pages = [];
  const next = (): string | undefined => pages.at(-1)?.next;
  return {
    listed,
    next,
    put: (cursor, answer) => {
      const page = pageOf(cursor, answer);
      if (pages.length > 0) pages = withPage(pages, page);
      else if (cursor === undefined) pages = [page];
      const isComplete = pages.length > 0 && next() === undefined;
      listed.set({ rows: rowsOf(pages), isLoading: false, isComplete, failure: null });
    },
    refuse: (failure) => listed.set({ ...listed.read(), isLoading: false, failure }),
    forget: () => void (pages = []),
    cursorsOf: (first, last) => {
      const seen = pagesBetween(pages, first, last);
      return seen.length > 0 ? seen.map(({ cursor }) => cursor) : [undefined];
    },
  };
};
