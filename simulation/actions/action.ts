import type { Stage } from '../stage.ts';

/** Something that may happen in a step. */
export interface Action {
  readonly name: string;
  /** How often, beside the others. */
  readonly weight: number;
  /** What was done, in words; `null`: it did not apply, and another is chosen. */
  act(stage: Stage): string | null;
}
