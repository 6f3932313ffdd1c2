import { defineConfig } from 'vitest/config';
import { ProjectReporter } from './scripts/vitest/project-reporter.ts';
import { TotalsReporter } from './scripts/vitest/totals-reporter.ts';
import { projects } from './vitest.workspace.ts';

export default defineConfig({
  test: {
    projects,
    maxWorkers: 2,
    passWithNoTests: true,
    reporters: ['default', new TotalsReporter(), new ProjectReporter()],
  },
});
