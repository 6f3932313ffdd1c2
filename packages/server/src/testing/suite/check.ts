import type { Stage } from './stage.ts';

/** One thing that every store has to do, apart from any test runner. */
export interface Check {
  readonly name: string;
  /** Ids of the guarantees that it proves. */
  readonly guarantee: string;
  /** Rejects when the store does otherwise. */
  run(stage: Stage): Promise<void>;
}
