import fc from 'fast-check';
import { happen } from './model/happen.ts';
import { anyHistory, type HistoryStep } from './model/steps.ts';
import { verify, verifyReaped } from './model/verify.ts';
import { createWorld } from './model/world.ts';
import { onStage, type Subject } from './stage.ts';

export interface PropertyOptions {
  /** How many histories; a quarter of them with stops of the store. Default 200. */
  readonly runs?: number;
  /** Steps of the longest one. Default 40. */
  readonly steps?: number;
  /** Repeats the run that reported it. Default: another one each time. */
  readonly seed?: number;
  /** Looks for the shortest history that fails. Default true. */
  readonly shrink?: boolean;
}

const play = (subject: Subject, history: readonly HistoryStep[]): Promise<void> =>
  onStage(subject, async (stage) => {
    const world = await createWorld(stage);
    for (const [index, step] of history.entries()) {
      await happen(world, step);
      await verify(world, index);
    }
    await world.replica.heal();
    await verifyReaped(world);
    await verify(world, 0);
  });

/** Random histories of three engines on the store; rejects with the shortest that tells anything but the facts. */
export const checkProperty = async (
  subject: Subject,
  { runs = 200, steps = 40, seed, shrink }: PropertyOptions = {},
): Promise<void> => {
  for (const withStops of [false, true]) {
    let ran = 0;
    const property = fc.asyncProperty(anyHistory(steps, withStops), async (history) => {
      ran += 1;
      await play(subject, history);
    });
    const numRuns = Math.max(1, Math.round(withStops ? runs / 4 : (runs * 3) / 4));
    const endOnFailure = shrink === false;
    await fc.assert(property, { numRuns, endOnFailure, ...(seed !== undefined && { seed }) });
    if (ran < numRuns) throw new Error(`Only ${ran} of ${numRuns} histories ran.`);
  }
};
