import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';
import { root } from '../root.mjs';

/** Where the last run's totals lie for `.ci/run`, which prints them as its last line. */
const totalsFile = join(root, 'node_modules', '.cache', 'presence', 'test-totals');

/** Counts the tests of a run. A file that could not be loaded and an error outside of any test count as failed. */
export class TotalsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    let passed = 0;
    let failed = errors.length;
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        if (state === 'failed') failed += 1;
      }
    }
    mkdirSync(dirname(totalsFile), { recursive: true });
    writeFileSync(totalsFile, `${passed} passed, ${failed} failed\n`);
  }
}
