export { createVirtualClock } from './virtual-clock.ts';
export type { VirtualClock } from './virtual-clock.ts';
export { createSeededRandom } from './seeded-random.ts';
