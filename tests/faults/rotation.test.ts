import { describe, expect, it } from 'vitest';
import { rotationOf, turn } from './rotation.ts';
import { FULL, SHORT } from './scale.ts';
import { SCENARIOS } from './scenarios/all.ts';

const names = (environment: Record<string, string>, now = 0): string[] =>
  rotationOf(SCENARIOS, environment, now).scenarios.map(({ name }) => name);

describe('which faults a run plays', () => {
  it('is every fault within a few days, a few a day', () => {
    const days = Math.ceil(SCENARIOS.length / 3);
    const played = Array.from({ length: days }, (_, day) => names({}, day * 86_400_000)).flat();
    expect(new Set(played).size).toBe(SCENARIOS.length);
  });

  it('is the same again with the same seed, whatever the day', () => {
    expect(names({ PRESENCE_FAULTS_SEED: '7' }, 1e12)).toEqual(
      names({ PRESENCE_FAULTS_SEED: '7' }, 2e12),
    );
  });

  it('is all of them, large, when asked', () => {
    const { scale, scenarios } = rotationOf(SCENARIOS, { PRESENCE_FAULTS: 'all' }, 0);
    expect([scale, scenarios.length]).toEqual([FULL, SCENARIOS.length]);
    expect(rotationOf(SCENARIOS, {}, 0).scale).toBe(SHORT);
  });

  it('is those that were named, and an error for others', () => {
    expect(names({ PRESENCE_FAULTS: 'clock-back' })).toEqual(['clock-back']);
    expect(() => names({ PRESENCE_FAULTS: 'flood' })).toThrow('No fault is called flood');
  });

  it('names each once', () => {
    expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
  });

  it('turns', () => {
    expect([turn([1, 2, 3, 4], 0, 3), turn([1, 2, 3, 4], 1, 3)]).toEqual([
      [1, 2, 3],
      [4, 1, 2],
    ]);
  });
});
