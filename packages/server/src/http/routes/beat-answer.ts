import type { Instant } from '@presence/core';
import type { HeartbeatResponse } from '@presence/core/protocol';

/** Everything of an answer but its instant, as one text: the same for beat after beat. */
export const headOf = (answer: HeartbeatResponse): string =>
  JSON.stringify({ ...answer, asOf: 0 }).slice(0, -2);

let latest = { at: -1, end: '' };

/** The answer as JSON. Under load many have the same instant: it is written once. */
export const withInstant = (head: string, at: Instant): string => {
  if (latest.at !== at) latest = { at, end: `${at}}` };
  return head + latest.end;
};
