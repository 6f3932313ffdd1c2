import type { Reporter, TestModule, Vitest } from 'vitest/node';
import { projectNames } from '../../vitest.workspace.ts';

/**
 * Fails a full run in which a project of vitest.workspace.ts has test files and ran no test: vitest passes over a
 * project that it does not see without a word.
 */
export class ProjectReporter implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    if (process.env['PRESENCE_FULL_RUN'] !== '1' || !this.#vitest) return;
    const ran = new Set(
      modules
        .filter((module) => [...module.children.allTests()].length > 0)
        .map((module) => module.project.name),
    );
    const silent: string[] = [];
    for (const name of projectNames) {
      const project = this.#vitest.projects.find((candidate) => candidate.name === name);
      const files = project && (await project.globTestFiles()).testFiles;
      if (!files) silent.push(`${name} (vitest does not know it)`);
      else if (files.length > 0 && !ran.has(name)) silent.push(`${name} (${files.length} files)`);
    }
    if (silent.length === 0) return;
    process.exitCode = 1;
    console.error(
      `[presence] Projects that ran no test: ${silent.join(', ')}. ` +
        'Look for a failed setup above, or a wrong `include` in vitest.workspace.ts.',
    );
  }
}
