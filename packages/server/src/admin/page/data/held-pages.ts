import type { AdminUsersAnswer } from '@presence/core/protocol';
import {
  heldBetween,
  pageOf,
  pagesBetween,
  rowsOf,
  withPage,
  type Pages,
  type Rows,
} from './pages.ts';
import { createValue, type Value } from './value.ts';

/** What the table shows. */
export interface Listed {
  readonly rows: Rows;
  /** The first answer is not there yet. */
  readonly isLoading: boolean;
  /** There is nothing behind the last row. */
  readonly isComplete: boolean;
  /** Why the last question was refused. */
  readonly failure: string | null;
}

/** Rows by their numbers, both included. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/** The pages of one query that were loaded so far. */
export interface HeldPages {
  readonly listed: Value<Listed>;
  /** @param view what is looked at: rows far from it are let go of */
  put(cursor: string | undefined, answer: AdminUsersAnswer, view: Span): void;
  /** Says why there is nothing new. */
  refuse(reason: string): void;
  /** Begins anew; what was shown stays until there is something else. */
  forget(): void;
  /** What to ask for these rows with. */
  cursorsOf(rows: Span): readonly (string | undefined)[];
  /** The page to ask for, so that these rows are there; absent: they are. */
  missing(rows: Span): { readonly cursor: string | undefined } | undefined;
  /** What the page behind the last one is asked with; absent: there is none. */
  next(): string | undefined;
}

/** Rows on either side of those in view that are kept: some megabytes, however many were scrolled through. */
const KEPT = 5000;

const NOTHING: Listed = { rows: rowsOf([]), isLoading: true, isComplete: false, failure: null };

export const createHeldPages = (): HeldPages => {
  const listed = createValue<Listed>(NOTHING);
  let pages: Pages = [];
  const next = (): string | undefined => pages.at(-1)?.next;
  return {
    listed,
    next,
    put: (cursor, answer, { first, last }) => {
      const page = pageOf(cursor, answer);
      if (pages.length > 0) pages = withPage(pages, page);
      else if (cursor === undefined) pages = [page];
      pages = heldBetween(pages, first - KEPT, last + KEPT);
      const isComplete = pages.length > 0 && next() === undefined;
      listed.set({ rows: rowsOf(pages), isLoading: false, isComplete, failure: null });
    },
    refuse: (failure) => listed.set({ ...listed.read(), isLoading: false, failure }),
    forget: () => void (pages = []),
    cursorsOf: ({ first, last }) => {
      const seen = pagesBetween(pages, first, last);
      return seen.length > 0 ? seen.map(({ cursor }) => cursor) : [undefined];
    },
    missing: ({ first, last }) =>
      pagesBetween(pages, first, last).find(({ users }) => users === null),
  };
};
