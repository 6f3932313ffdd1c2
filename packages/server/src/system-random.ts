import type { Random } from '@presence/core';
import { nanoid } from 'nanoid';

/** The machine's chance; ids are unguessable (126 bits). */
export const systemRandom: Random = Object.freeze({
  next: () => Math.random(),
  id: () => nanoid(),
});
