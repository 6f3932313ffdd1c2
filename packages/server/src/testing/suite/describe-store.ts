import { CHECKS } from './checks.ts';
import { checkHistories, type PropertyOptions } from './property.ts';
import { onStage, type Subject } from './stage.ts';

/** What the suite needs of a test runner: vitest, `node:test`, Jest and Mocha have it. */
export interface TestRunner {
  describe(name: string, body: () => void): unknown;
  it(name: string, body: () => Promise<void>): unknown;
}

const HISTORIES = 'random histories';
/** A test of so many: short enough for the time-outs of test runners. */
const RUNS_AT_ONCE = 25;

/** How a store is made for the suite, and by what the suite is run. */
export interface DescribeStoreOptions extends Subject {
  readonly runner: TestRunner;
  /** Names of checks that the store cannot pass yet, each with the reason. They are reported as such. */
  readonly skip?: Readonly<Record<string, string>>;
  /** Random histories: how many (200 by default; a quarter of them with stops of the store), and how long. */
  readonly histories?: Pick<PropertyOptions, 'runs' | 'steps' | 'seed'>;
}

/**
 * The contract of a `PresenceStore` as tests: examples of each rule, and random histories of three
 * engines on the store in which every read is compared with the facts. A new store is done when
 * they pass; its test is this one call.
 *
 * All time is virtual: a store judges leases by the clock that it is made with, and by nothing else.
 */
export const describeStore = (name: string, options: DescribeStoreOptions): void => {
  const { runner, skip = {}, histories = {} } = options;
  const names = Object.values(CHECKS).flatMap((checks) => checks.map((check) => check.name));
  let ran = 0;
  let expected = names.length;

  const one = (title: string, check: string, run: () => Promise<void>): void => {
    const reason = skip[check];
    runner.it(reason === undefined ? title : `${title} (skipped: ${reason})`, async () => {
      ran += 1;
      if (reason === undefined) await run();
    });
  };

  runner.describe(`the store contract on ${name}`, () => {
    for (const [part, checks] of Object.entries(CHECKS)) {
      runner.describe(part, () => {
        for (const check of checks) {
          one(`${check.guarantee}: ${check.name}`, check.name, () => onStage(options, check.run));
        }
      });
    }
    runner.describe(HISTORIES, () => {
      const rounds = Math.ceil((histories.runs ?? 200) / RUNS_AT_ONCE);
      for (let round = 0; round < rounds; round += 1) {
        const withStops = round % 4 === 3;
        const name = `S1, S2, S3, S4, S5, S7, S13, S14, S15: every read tells the facts${withStops ? ', after stops too' : ''}, round ${round + 1}`;
        one(name, HISTORIES, () =>
          checkHistories(options, { ...histories, runs: RUNS_AT_ONCE, withStops }),
        );
        expected += 1;
      }
    });
    runner.it(`ran all ${names.length} checks and every round of histories`, async () => {
      const unknown = Object.keys(skip).filter((check) => ![...names, HISTORIES].includes(check));
      if (unknown.length > 0) throw new Error(`No check is called: ${unknown.join(', ')}.`);
      if (ran !== expected) throw new Error(`Only ${ran} of ${expected} ran.`);
    });
  });
};
