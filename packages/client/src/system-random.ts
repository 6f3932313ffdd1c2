import type { Random } from '@presence/core';

/** The platform's chance. Ids name tabs to each other; they need to differ, not to be secret. */
export const systemRandom: Random = {
  next: () => Math.random(),
  id: () => Math.random().toString(36).slice(2),
};
