import { deepEqual, equal } from 'node:assert/strict';
import type { Key, Status, Step, UserStep } from '@presence/core';
import type { History } from '../../history/history.ts';
import type { TestRunner } from '../suite/describe-store.ts';
import { checkRandomHistories } from './random-histories.ts';
import { entry, keyOf, step } from './steps.ts';

/** How a history is made for the suite, and by what the suite is run. */
export interface DescribeHistoryOptions {
  readonly runner: TestRunner;
  /** An empty history. */
  create(): Promise<History>;
  /** Random histories that are compared with a model. Default 20. */
  readonly runs?: number;
}

const ALWAYS = { from: 0, until: Number.MAX_SAFE_INTEGER };

const revisionsOf = async (history: History, key: Key): Promise<readonly number[]> => {
  const query = { ...ALWAYS, key, order: 'oldest', after: null, limit: 1000 } as const;
  return (await history.read(query)).steps.map(({ revision }) => revision);
};

const gathered = async (pages: AsyncIterable<readonly UserStep[]>): Promise<UserStep[]> => {
  const all: UserStep[] = [];
  for await (const page of pages) all.push(...page);
  return all;
};

type Check = readonly [name: string, run: (history: History) => Promise<void>];

const ADA = keyOf('ada');

const writes: readonly Check[] = [
  [
    'a step that is added again, or late, is there once and in its place',
    async (history) => {
      const steps = [step(10, 'online'), step(30, 'away'), step(20, 'busy')];
      await history.append([entry('ada', steps)]);
      await history.append([entry('ada', [step(20, 'busy'), step(40, 'offline')])]);
      deepEqual(await revisionsOf(history, ADA), [10, 20, 30, 40]);
    },
  ],
  [
    'what was stored stays as it is, whatever comes under its number',
    async (history) => {
      const first: Step = { ...step(10, 'dnd'), version: 7, cause: 'claimed' };
      await history.append([entry('ada', [first])]);
      await history.append([entry('ada', [step(10, 'offline')])]);
      deepEqual(await history.stepBefore(ADA, 11), first);
    },
  ],
  [
    'S15: tenants and look-alike users are apart in every answer',
    async (history) => {
      const others = ['Ada', 'ada ', 'ádá', 'adb'].map((userId) =>
        entry(userId, [step(5, 'busy')]),
      );
      await history.append([...others, entry('ada', [step(9, 'online')], 'other')]);
      deepEqual(await revisionsOf(history, ADA), []);
      equal(await history.stepBefore(ADA, 99), null);
      deepEqual(await gathered(history.stepsOf('ACME', ALWAYS)), []);
      deepEqual([...(await history.presentAt('other', 10))], ['ada']);
      equal(await history.erase(ADA, 99), 0);
      deepEqual(await revisionsOf(history, keyOf('ada', 'other')), [9]);
    },
  ],
];

const reads: readonly Check[] = [
  [
    'S14: pages neither repeat a step nor leave one out, in both orders, while others are added',
    async (history) => {
      await history.append([
        entry(
          'ada',
          [10, 11, 12, 13, 14].map((at) => step(at, 'busy')),
        ),
      ]);
      for (const order of ['oldest', 'newest'] as const) {
        const seen: number[] = [];
        for (let after: number | null = null, more = true; more;) {
          const query = { key: ADA, from: 11, until: 15, order, after, limit: 2 };
          const page = await history.read(query);
          seen.push(...page.steps.map(({ revision }) => revision));
          after = page.steps.at(-1)?.revision ?? null;
          more = page.more;
          await history.append([entry('ada', [step(5, 'online'), step(99, 'online')])]);
        }
        deepEqual(seen, order === 'oldest' ? [11, 12, 13, 14] : [14, 13, 12, 11]);
      }
    },
  ],
  [
    'a range begins at its first instant and ends before its last',
    async (history) => {
      await history.append([
        entry(
          'ada',
          [10, 20, 30].map((at) => step(at, 'away')),
        ),
      ]);
      const query = {
        key: ADA,
        from: 10,
        until: 30,
        order: 'oldest',
        after: null,
        limit: 9,
      } as const;
      deepEqual(
        (await history.read(query)).steps.map(({ at }) => at),
        [10, 20],
      );
      equal(await history.stepBefore(ADA, 10), null);
      equal((await history.stepBefore(ADA, 30))?.at, 20);
      const both = await gathered(history.stepsOf('acme', { from: 20, until: 31 }));
      deepEqual(
        both.map(({ at }) => at),
        [20, 30],
      );
    },
  ],
  [
    'steps of everybody come in order of time and of revision, with who was there before',
    async (history) => {
      const late: Step = { ...step(11, 'offline'), at: 10 };
      await history.append([
        entry('bob', [step(5, 'online'), step(20, 'offline')]),
        entry('ada', [step(10, 'online'), late]),
      ]);
      const seen = await gathered(history.stepsOf('acme', { from: 6, until: 99 }));
      const told = (userId: string, status: Status, at: number) => ({ userId, status, at });
      deepEqual(seen, [
        told('ada', 'online', 10),
        told('ada', 'offline', 10),
        told('bob', 'offline', 20),
      ]);
      deepEqual(await history.presentAt('acme', 6), ['bob']);
      deepEqual(await history.presentAt('acme', 5), []);
      deepEqual(await history.presentAt('acme', 21), []);
    },
  ],
];

const ends: readonly Check[] = [
  [
    'erasing leaves nothing of a user, and refuses what was under way',
    async (history) => {
      await history.append([
        entry('ada', [step(10, 'online'), step(20, 'away')]),
        entry('bob', [step(10, 'busy')]),
      ]);
      equal(await history.erase(ADA, 30), 2);
      deepEqual(await revisionsOf(history, ADA), []);
      await history.append([
        entry('ada', [step(10, 'online'), step(29, 'away'), step(30, 'busy')]),
      ]);
      deepEqual(await revisionsOf(history, ADA), [30]);
      deepEqual(await revisionsOf(history, keyOf('bob')), [10]);
      equal(await history.erase(ADA, 40), 1);
      equal(await history.erase(ADA, 41), 0);
    },
  ],
  [
    'trimming takes the old ones of everybody, a batch at a time, and stops',
    async (history) => {
      const old = Array.from({ length: 5 }, (_, index) => step(10 + index, 'busy'));
      await history.append([
        entry('ada', old),
        entry('ada', old, 'other'),
        entry('bob', [step(20, 'online')]),
      ]);
      deepEqual(await history.trim(14, 3), { trimmed: 3, more: true });
      deepEqual(await history.trim(14, 100), { trimmed: 5, more: false });
      deepEqual(await history.trim(14, 100), { trimmed: 0, more: false });
      deepEqual(await revisionsOf(history, ADA), [14]);
      deepEqual(await revisionsOf(history, keyOf('bob')), [20]);
    },
  ],
];

/**
 * The contract of a `History` as tests. A new one is done when they pass; its test is this one call.
 */
export const describeHistory = (name: string, options: DescribeHistoryOptions): void => {
  const { runner, create, runs = 20 } = options;
  runner.describe(`the history contract on ${name}`, () => {
    for (const [title, run] of [...writes, ...reads, ...ends]) {
      runner.it(title, async () => run(await create()));
    }
    runner.it('whatever is added, erased and trimmed, every answer is that of a list', () =>
      checkRandomHistories(create, runs),
    );
  });
};
