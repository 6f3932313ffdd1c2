import type { Topic } from './listeners.ts';

/** What became different by taking facts in, for those who are told afterwards. */
export type Changes = Set<Topic>;

/** Something that is known for as long as it is confirmed, and a while longer. */
export interface Held {
  known: boolean;
  /** Since when nobody confirms it, on this machine's clock; `Infinity` while a live link does. */
  lostAt: number;
  /** Up to when it was confirmed, on the server's clock. */
  asOf: number | null;
  /** Brings what is shown up to what is known, and notes it if that differs. */
  show(changes: Changes): void;
}

/** Everything that was taken in and can get too old. */
export interface Holdings extends Set<Held> {}

export const isConfirmed = ({ known, lostAt }: Held): boolean => known && lostAt === Infinity;

export const confirm = (held: Held, asOf: number): void => {
  held.known = true;
  held.lostAt = Infinity;
  held.asOf = Math.max(held.asOf ?? 0, asOf);
};

/** The link is lost. What an earlier loss left unconfirmed stays lost since then. */
export const loseAll = (holdings: Holdings, at: number, asOf: number | null): void => {
  for (const held of holdings) {
    if (isConfirmed(held) && asOf !== null) confirm(held, asOf);
    held.lostAt = Math.min(held.lostAt, at);
  }
};

/**
 * What was lost at or before `lostBefore` is unknown from now on.
 *
 * @returns the earliest loss that has not expired; `Infinity` without one
 */
export const expireAll = (holdings: Holdings, lostBefore: number, changes: Changes): number => {
  let first = Infinity;
  for (const held of holdings) {
    if (!held.known) continue;
    if (held.lostAt > lostBefore) first = Math.min(first, held.lostAt);
    else {
      held.known = false;
      held.show(changes);
    }
  }
  return first;
};

/** Equal but for version and asOf, which nobody sees. */
export const looksLike = (a: object, b: object): boolean => {
  const unnumbered = (shown: object): string => JSON.stringify({ ...shown, version: 0, asOf: 0 });
  return unnumbered(a) === unnumbered(b);
};
