import { createVirtualClock, createSeededRandom } from '@presence/core/testing';
import { createPresence } from '@presence/server';
import { afterEach, expect, test } from 'vitest';
import { startColleagues } from './colleagues.ts';

const ids = ['ines', 'jonas', 'kai', 'priya', 'sofia', 'theo'];
const MINUTE = 60_000;

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const task of cleanUp.splice(0)) await task();
});

const setUp = (random: { next: () => number }) => {
  const clock = createVirtualClock();
  const presence = createPresence({ authenticate: () => null, testing: { clock } });
  const changes: { userId: string; at: number }[] = [];
  presence.on('change', ({ presence: { userId } }) => changes.push({ userId, at: clock.now() }));
  const errors: unknown[] = [];
  const { leaseMs } = presence.policyOf('default');
  const onError = (error: unknown): void => void errors.push(error);
  const stop = startColleagues({ presence, ids, leaseMs, clock, random, onError });
  cleanUp.push(stop, presence.close);
  return { clock, presence, changes, errors, leaseMs, stop };
};

const statuses = async ({ presence }: ReturnType<typeof setUp>): Promise<string[]> =>
  (await presence.getMany(ids)).map(({ status }) => status);

test.each([1, 2, 3])(
  'seed %i: there is always something to see, and nobody else moves',
  async (seed) => {
    const stage = setUp(createSeededRandom(seed));
    const startedAt = stage.clock.now();
    for (let minute = 0; minute < 10; minute += 1) {
      await stage.clock.advance(MINUTE);
      const here = (await statuses(stage)).filter((status) => status !== 'offline').length;
      expect(here).toBeGreaterThanOrEqual(3);
      expect(here).toBeLessThan(ids.length);
    }
    const { changes } = stage;
    expect(changes.length).toBeGreaterThan(60);
    const instants = [startedAt, ...changes.map(({ at }) => at)];
    const gaps = instants.slice(1).map((at, index) => at - (instants[index] ?? at));
    expect(Math.max(...gaps)).toBeLessThan(25_000);
    expect(changes.every(({ userId }) => ids.includes(userId))).toBe(true);
    expect(new Set(changes.map(({ userId }) => userId)).size).toBe(ids.length);
    expect(stage.errors).toEqual([]);
  },
);

test('S2: who does not leave is there for longer than a lease', async () => {
  // Nobody ever gets up to leave.
  const stage = setUp({ next: () => 0.99 });
  await stage.clock.advance(MINUTE);
  const before = (await statuses(stage)).filter((status) => status !== 'offline').length;
  await stage.clock.advance(stage.leaseMs * 3);
  const after = (await statuses(stage)).filter((status) => status !== 'offline').length;
  expect(before).toBeGreaterThanOrEqual(3);
  expect(after).toBe(before);
});

test('who leaves says nothing any more', async () => {
  const { clock, presence } = setUp(createSeededRandom(4));
  let left = 0;
  for (let step = 0; step < 60; step += 1) {
    await clock.advance(5000);
    const gone = (await presence.getMany(ids)).filter(({ status }) => status === 'offline');
    for (const { userId } of gone) {
      expect((await presence.explain(userId)).claims).toEqual([]);
      left += 1;
    }
  }
  expect(left).toBeGreaterThan(60);
});

test('after the stop nothing moves, and leases end', async () => {
  const stage = setUp(createSeededRandom(5));
  await stage.clock.advance(MINUTE);
  stage.stop();
  await stage.clock.advance(2 * stage.leaseMs);
  expect(new Set(await statuses(stage))).toEqual(new Set(['offline']));
});
