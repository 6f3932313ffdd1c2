import * as fc from 'fast-check';
import { happen } from './model/happen.ts';
import { anyHistory, type HistoryStep } from './model/steps.ts';
import { verify, verifyReaped } from './model/verify.ts';
import { createWorld } from './model/world.ts';
import { onStage, type Subject } from './stage.ts';

export interface PropertyOptions {
  /** How many histories. Default 200. */
  readonly runs?: number;
  /** Happenings in the longest one. Default 30. */
  readonly steps?: number;
  /** Repeats the run that reported it. Default: another one each time. */
  readonly seed?: number;
  /** Histories in which the store stands still at times. Default false. */
  readonly withStops?: boolean;
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
export const checkHistories = async (
  subject: Subject,
  { runs = 200, steps = 30, seed, withStops = false, shrink = true }: PropertyOptions = {},
): Promise<void> => {
  let ran = 0;
  const property = fc.asyncProperty(anyHistory(steps, withStops), async (history) => {
    ran += 1;
    await play(subject, history);
  });
  const seeded = seed === undefined ? {} : { seed };
  await fc.assert(property, { numRuns: runs, endOnFailure: !shrink, ...seeded });
  if (ran < runs) throw new Error(`Only ${ran} of ${runs} histories ran.`);
};
