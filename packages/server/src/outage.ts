/** What whoever asks is told where the store does not do it. What it says itself is for its operator: that is logged. */
export const OUTAGE = 'Presence is not available right now. Try again later.';
