// Global setup of the e2e project. A test file asks with `inject('chromium')`, and starts its browsers itself.
import type { TestProject } from 'vitest/node';
import { ensureChromium } from './chromium.ts';
import { serviceOrReason } from './missing-service.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The executable file of Chromium, or why there is none. */
    chromium: { service: string } | { missing: string };
  }
}

export default async function setup(project: TestProject): Promise<void> {
  project.provide('chromium', await serviceOrReason(ensureChromium));
}
