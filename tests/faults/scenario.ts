import type { Stage } from './stage.ts';

/** What a scenario needs besides one Redis and three nodes. */
export type Need = 'cluster' | 'clock';

/** One thing that breaks, on real processes, and what has to hold all the while. */
export interface Scenario {
  readonly name: string;
  readonly breaks: string;
  readonly holds: string;
  readonly needs?: Need;
  /** No socket may be closed on anybody: what broke is between nodes and store. */
  readonly keepsLinks?: true;
  /** Nobody may be told of anybody's going, from first to last. */
  readonly nobodyGoes?: true;
  /** Everybody is connected. Resolves when what broke is mended, as far as it is. */
  run(stage: Stage): Promise<void>;
}
