const DAY_MS = 24 * 60 * 60_000;

const DAY = new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long' });

/** The instant at which the day of another one began, where this machine is. */
const startOf = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

/**
 * "Today", "Yesterday", "Wednesday, November 25".
 *
 * @param at epoch ms, as is `now`
 */
export const dayOf = (at: number, now: number): string => {
  // Rounded: where clocks change, a day has 23 hours or 25.
  const days = Math.round((startOf(now) - startOf(at)) / DAY_MS);
  if (days === 0) return 'Today';
  return days === 1 ? 'Yesterday' : DAY.format(at);
};
