import { describe, it } from 'vitest';
import { describeStore } from '../../testing/index.ts';
import { memoryStore } from './memory-store.ts';

describeStore('memory', {
  runner: { describe, it },
  create: async (clock) => ({ store: memoryStore({ clock }) }),
});
