import { describe, expect, it } from 'vitest';
import { isLive, isSharedLease, nodeLease, ownLease } from './lease.ts';

describe('leases', () => {
  it('S12: a connection has a lease of its own, and a node one for each incarnation', () => {
    expect(ownLease('s', 1)).not.toBe(ownLease('s', 2));
    expect(nodeLease('a', 1)).not.toBe(nodeLease('a', 2));
  });

  it.each(['a', 'n:a', 'o:a', ''])('whether it is shared does not depend on the id %j', (id) => {
    expect(isSharedLease(nodeLease(id, 1))).toBe(true);
    expect(isSharedLease(ownLease(id, 1))).toBe(false);
  });

  it.each([
    [undefined, false],
    [999, false],
    [1000, false],
    [1001, true],
  ])('an expiry of %s at 1000: alive is %s', (expiresAt, alive) => {
    expect(isLive(expiresAt, 1000)).toBe(alive);
  });
});
