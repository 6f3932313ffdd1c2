import type { Instant, Write } from '@presence/core';

const earlier = (a: Instant | null, b: Instant | null): Instant | null =>
  a === null ? b : b === null ? a : Math.min(a, b);

/** Two commands on one load become one commit: the state of the second, the base and the steps of both. */
export const mergeWrites = (first: Write | null, second: Write): Write =>
  first === null
    ? second
    : {
        ...second,
        base: first.base,
        validUntil: earlier(first.validUntil, second.validUntil),
        // A lease granted first may belong to a session that the second command ended.
        grant: [...first.grant, ...second.grant].filter(({ id }) => second.holds.includes(id)),
        steps: [...first.steps, ...second.steps],
        ...(first.isDeclared && { isDeclared: first.isDeclared }),
      };
