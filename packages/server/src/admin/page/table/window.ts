/** Pixels. The styles say the same. */
export const ROW_HEIGHT = 48;

/** Rows that are drawn beyond those in view, so that a quick scroll meets no empty place. */
const OVERSCAN = 8;

/** How far the part that scrolls is scrolled, and how high it is, in pixels. */
export interface View {
  readonly scrolled: number;
  readonly height: number;
}

/** Which of the rows are drawn, and which are in view; `last` is in it. */
export interface Window {
  readonly first: number;
  readonly last: number;
  readonly from: number;
  readonly to: number;
}

const firstOf = ({ scrolled }: View): number => Math.floor(scrolled / ROW_HEIGHT);

const lastOf = ({ scrolled, height }: View): number =>
  Math.ceil((scrolled + height) / ROW_HEIGHT) - 1;

/** The same rows are in both: there is nothing to draw anew. */
export const showsSame = (before: View, now: View): boolean =>
  firstOf(before) === firstOf(now) && lastOf(before) === lastOf(now);

export const windowOf = (view: View, rows: number): Window => {
  const end = Math.max(0, rows - 1);
  const within = (row: number): number => Math.min(end, Math.max(0, row));
  const first = within(firstOf(view));
  const last = within(lastOf(view));
  return { first, last, from: within(first - OVERSCAN), to: within(last + OVERSCAN) };
};

/** How far to scroll so that a row is wholly in view, as little as possible. */
export const scrollTo = (row: number, scrolled: number, height: number): number => {
  const top = row * ROW_HEIGHT;
  if (top < scrolled) return top;
  return Math.max(scrolled, top + ROW_HEIGHT - height);
};
