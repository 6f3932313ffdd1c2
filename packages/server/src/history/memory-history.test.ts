import { describe, expect, it } from 'vitest';
import { describeHistory } from '../testing/history/describe-history.ts';
import { entry, keyOf, step } from '../testing/history/steps.ts';
import { memoryHistory } from './memory-history.ts';

describeHistory('memory', {
  runner: { describe, it },
  create: async () => memoryHistory(),
  runs: 300,
});

it('S20: keeps so many steps and drops the oldest', async () => {
  const history = memoryHistory({ maxSteps: 3 });
  await history.append([entry('ada', [step(1, 'online'), step(2, 'away')])]);
  await history.append([entry('bob', [step(3, 'online'), step(4, 'away')])]);
  expect(await history.stepBefore(keyOf('ada'), 2)).toBeNull();
  expect(await history.trim(99, 99)).toEqual({ trimmed: 3, more: false });
});
