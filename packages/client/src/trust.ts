/** Whether something may still be shown as known, and since when nobody confirms it. */
export interface Trust {
  known: boolean;
  /** On this machine's clock; `null` while a live link confirms it. */
  lostAt: number | null;
}

export const confirm = (trust: Trust): void => {
  trust.known = true;
  trust.lostAt = null;
};

/** The link is lost: the earliest loss since the last confirmation counts. */
export const lose = (trust: Trust, at: number): void => {
  if (trust.known) trust.lostAt = Math.min(trust.lostAt ?? at, at);
};

/** Turns what was lost at or before `lostBefore` unknown. True if that changed anything. */
export const expire = (trust: Trust, lostBefore: number): boolean => {
  if (!trust.known || trust.lostAt === null || trust.lostAt > lostBefore) return false;
  trust.known = false;
  return true;
};
