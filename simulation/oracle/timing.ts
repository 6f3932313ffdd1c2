// The promises to outsiders in milliseconds, written down a second time: were they taken from the product, a change there
// would change what it is judged by.

export const OFFLINE_AFTER_IDLE_MS = 30 * 60_000;

/** Without a word of activity on a socket for so long, its session counts as idle. */
export const SILENT_IDLE_MS = 6 * 60_000;

/** An instant of idleness that moved less than this has not moved. */
export const IDLE_TOLERANCE_MS = 10_000;

/** Whoever says no more types no longer than this. */
export const TYPING_MS = 6000;

export const GRACE_LOST_MS = 15_000;
export const GRACE_CLOSED_MS = 5000;

/** A link that died without a word: found out between these two after its last word. */
export const FOUND_OUT_MS = Object.freeze({ least: 20_000, most: 45_000 });

/** The lease of requests without a client, prolonged when a quarter of it is gone. */
export const TOUCH_LEASE_MS = 120_000;

/** Timers of the server tick, and commits take a moment. */
export const SLACK_MS = 1500;

/** A store that stood still for longer gives an amnesty, and to whom how long. */
export const STOOD_STILL_MS = 5000;
export const AMNESTY_OWN_MS = 75_000;

/** The reaper of the server looks in so often, so the last sign of life before a stall is at most so old. */
export const PULSE_MS = 1100;
