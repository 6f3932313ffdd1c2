import type { Property } from '../stage.ts';
import { readExactness } from './s01-read-exactness.ts';
import { versions } from './s04-versions.ts';

/** Everything that is checked, in the order of the guarantees. */
export const PROPERTIES: readonly Property[] = [readExactness, versions];
