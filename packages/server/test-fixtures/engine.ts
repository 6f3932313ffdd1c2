import { resolvePolicy } from '@presence/core';
import { createSeededRandom } from '@presence/core/testing';
import { createEngine } from '../src/engine/engine.ts';
import type { Engine } from '../src/engine/types.ts';

type EngineParts = Parameters<typeof createEngine>[0];

/** An engine of the default policy, which nobody listens to, as far as it is not said otherwise. */
export const engineOver = (
  given: Pick<EngineParts, 'store' | 'clock'> & Partial<EngineParts>,
): Engine => {
  const policy = resolvePolicy();
  return createEngine({
    random: createSeededRandom(1),
    policyOf: () => policy,
    onCommit: () => undefined,
    onLeaseLost: () => Promise.resolve(),
    ...given,
  });
};
