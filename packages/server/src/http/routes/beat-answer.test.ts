import { STATUSES } from '@presence/core';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { headOf, withInstant } from './beat-answer.ts';

it('is what JSON.stringify writes, whatever ids are made of', () => {
  const id = fc.oneof(
    fc.uuid(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', '"', '\\', '\n', '\ud800', '</script>', 'a\n'),
  );
  const count = fc.maxSafeNat();
  const answer = fc.record({
    sessionId: id,
    userId: id,
    status: fc.constantFrom(...STATUSES),
    version: count,
    nextBeatMs: count,
    leaseMs: count,
    asOf: count,
  });
  fc.assert(
    fc.property(answer, (given) => {
      expect(withInstant(headOf(given), given.asOf)).toBe(JSON.stringify(given));
    }),
    { numRuns: 500 },
  );
});
