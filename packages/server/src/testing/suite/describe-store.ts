import { CHECKS } from './checks.ts';
import { checkProperty, type PropertyOptions } from './property.ts';
import { onStage, type Subject } from './stage.ts';

/** What the suite needs of a test runner: vitest, `node:test`, Jest and Mocha have it. */
export interface TestRunner {
  describe(name: string, body: () => void): unknown;
  it(name: string, body: () => Promise<void>): unknown;
}

/** How a store is made for the suite, and by what the suite is run. */
export interface DescribeStoreOptions extends Subject {
  readonly runner: TestRunner;
  /** Names of checks that the store cannot pass yet, each with the reason. They are reported as such. */
  readonly skip?: Readonly<Record<string, string>>;
  /** How long the property test goes on. Default 200 runs of at most 40 steps. */
  readonly property?: PropertyOptions;
}

/**
 * The contract of a `PresenceStore` as tests: examples of each rule, and random histories of three
 * engines on the store in which every read is compared with the facts. A new store is done when
 * they pass; its test is this one call.
 *
 * All time is virtual: a store judges leases by the clock that it is made with, and by nothing else.
 */
export const describeStore = (name: string, options: DescribeStoreOptions): void => {
  const { runner, skip = {}, property } = options;
  const names = Object.values(CHECKS).flatMap((checks) => checks.map((check) => check.name));
  let ran = 0;

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
    runner.describe('random histories', () => {
      one('S1, S2, S3, S4, S5, S13, S14, S15: every read tells the facts', 'random histories', () =>
        checkProperty(options, property),
      );
    });
    runner.it(`ran all ${names.length} checks and the random histories`, async () => {
      const unknown = Object.keys(skip).filter(
        (check) => ![...names, 'random histories'].includes(check),
      );
      if (unknown.length > 0) throw new Error(`No check is called: ${unknown.join(', ')}.`);
      if (ran !== names.length + 1) throw new Error(`Only ${ran} of ${names.length + 1} ran.`);
    });
  });
};
