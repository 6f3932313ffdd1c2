import type { Instant } from '../lease.ts';
import type { Step } from '../record.ts';
import type { Status } from '../status.ts';

/** A stretch of time; `until` is not in it any more. */
export interface Range {
  readonly from: Instant;
  readonly until: Instant;
}

/** A stretch of time through which a user had one status. */
export interface StatusSpan extends Range {
  readonly status: Status;
}

/**
 * The statuses of one user over a range, without gaps from the first step on. What was before it is not
 * known, and nothing is said of it.
 *
 * @param steps of one user in order of revision; one from before the range says how they were at its start
 */
export const spansOf = (
  steps: readonly Pick<Step, 'at' | 'status'>[],
  { from, until }: Range,
): readonly StatusSpan[] => {
  const spans: StatusSpan[] = [];
  let start = from;
  steps.forEach(({ at, status }, index) => {
    // A clock that was set back between two steps makes no time.
    start = Math.max(start, at);
    const end = Math.min(until, Math.max(start, steps[index + 1]?.at ?? until));
    if (end <= start) return;
    const last = spans.at(-1);
    if (last?.status === status && last.until === start) spans.pop();
    spans.push({ status, from: last?.status === status ? last.from : start, until: end });
    start = end;
  });
  return spans;
};

/** Calls back for every part of a span that lies in one of the cells. Both in order, without overlaps. */
export const eachOverlap = <Cell extends Range>(
  spans: readonly StatusSpan[],
  cells: readonly Cell[],
  visit: (cell: Cell, status: Status, ms: number) => void,
): void => {
  let first = 0;
  for (const { status, from, until } of spans) {
    while (first < cells.length && cells[first]!.until <= from) first += 1;
    for (let index = first; index < cells.length && cells[index]!.from < until; index += 1) {
      const cell = cells[index]!;
      visit(cell, status, Math.min(until, cell.until) - Math.max(from, cell.from));
    }
  }
};
