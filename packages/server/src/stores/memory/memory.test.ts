import { describe, it } from 'vitest';
import { describeStore } from '../../testing/suite/describe-store.ts';
import { memoryStore } from './memory-store.ts';

describeStore('memory', {
  runner: { describe, it },
  create: async (clock) => ({ store: memoryStore({ clock }) }),
  property: { runs: Number(process.env['RUNS'] ?? 200) },
});
