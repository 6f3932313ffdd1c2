import type { Moment } from '../history/history.ts';

/** From one moment up to another, which is not part of it. */
export interface Span {
  readonly from: Moment;
  readonly to: Moment;
}

/** The same moments in as few spans as possible, in order. */
export const merged = (spans: readonly Span[]): Span[] => {
  const sorted = spans.filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from);
  const all: Span[] = [];
  for (const span of sorted) {
    const last = all.at(-1);
    if (last && span.from <= last.to) {
      all[all.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    } else all.push(span);
  }
  return all;
};

/** What is left of a span without another. */
export const without = (span: Span, hole: Span): Span[] =>
  [
    { from: span.from, to: Math.min(span.to, hole.from) },
    { from: Math.max(span.from, hole.to), to: span.to },
  ].filter(({ from, to }) => from < to);

/** Everything that no span covers. The spans are merged. */
export const gaps = (spans: readonly Span[]): Span[] => {
  const found: Span[] = [];
  let from = -Infinity;
  for (const span of spans) {
    if (from < span.from) found.push({ from, to: span.from });
    from = span.to;
  }
  if (from < Infinity) found.push({ from, to: Infinity });
  return found;
};

export const covers = (spans: readonly Span[], from: Moment, to: Moment): boolean =>
  spans.some((span) => span.from <= from && to < span.to);
