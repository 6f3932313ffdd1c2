import type { History } from '../history/history.ts';
import { checkReads } from './reads.ts';
import { truths } from './truth.ts';
import { checkVersions } from './versions.ts';
import { checkViews, wrongViews } from './views.ts';
import type { Violation } from './violations.ts';

/** Everything of guarantees.md that a recorded history breaks. */
export const check = (history: History): readonly Violation[] => {
  const violations: Violation[] = [];
  const report = (property: Violation['property'], text: string): void =>
    void violations.push({ property, text });
  const truth = truths(history);
  checkReads(history, truth, report);
  checkViews(history, wrongViews(history, truth), report);
  checkVersions(history, truth, report);
  for (const { what, wanted, got } of history.attempts) {
    if (got !== wanted) report('S12', `${what}: ${got}, which should be ${wanted}`);
  }
  return violations;
};
