import type { Topic } from './listeners.ts';

/** What became different since the listeners were told. */
export type Changes = Set<Topic>;

/** Something that is known for as long as it is confirmed, and a while longer. */
export interface Held {
  /**
   * Until when it was confirmed, on this machine's clock: `Infinity` while a live link does,
   * `-Infinity` if that was never, or is too long ago.
   */
  goodUntil: number;
  /** The same on the server's clock; `null` before the first answer. */
  asOf: number | null;
  /** Brings what is shown up to what is known, and notes it if that differs. */
  refresh(): void;
}

export const confirm = (held: Held, asOf: number): void => {
  held.goodUntil = Infinity;
  held.asOf = Math.max(held.asOf ?? 0, asOf);
};

/**
 * The link was lost at `lostAt`, if that is not `Infinity`; until then it had confirmed everything as of `asOf`. What
 * an earlier loss left unconfirmed stays lost since then. What nothing confirmed after `lostBefore` is unknown from now on.
 *
 * @returns until when it is good
 */
export const age = (held: Held, lostAt: number, asOf: number, lostBefore: number): number => {
  const before = held.goodUntil;
  const goodUntil = Math.min(before, lostAt);
  if (before === Infinity && goodUntil < before) confirm(held, asOf);
  const known = goodUntil > lostBefore;
  held.goodUntil = known ? goodUntil : -Infinity;
  if (!known && before > -Infinity) held.refresh();
  return known ? goodUntil : Infinity;
};

/** Equal but for version and asOf, which nobody sees. */
export const looksLike = (a: object, b: object): boolean => {
  const unnumbered = (shown: object): string => JSON.stringify({ ...shown, version: 0, asOf: 0 });
  return unnumbered(a) === unnumbered(b);
};
