import type { Status } from '@presence/core';
import { KEPT_MS, type Sample } from '../data/live-stats.ts';

/** From the bottom up. Who is offline is no part of how many are there. */
const LAYERS: readonly Exclude<Status, 'offline'>[] = ['online', 'busy', 'dnd', 'away'];

/** One status as an area over those below it. */
export interface Layer {
  readonly status: Status;
  /** For the `d` of a path. */
  readonly path: string;
}

const fixed = (value: number): string => value.toFixed(1);

const SHORTEST_MS = 60_000;

/** The most that were there at once. */
export const heightOf = (samples: readonly Sample[]): number =>
  Math.max(
    0,
    ...samples.map(({ byStatus }) => LAYERS.reduce((sum, status) => sum + byStatus[status], 0)),
  );

/** How long the drawing covers: what there is, and never less than a minute. */
export const coveredMs = (samples: readonly Sample[]): number =>
  Math.min(KEPT_MS, Math.max(SHORTEST_MS, (samples.at(-1)?.at ?? 0) - (samples[0]?.at ?? 0)));

/** Areas of a drawing of `width` by `height`; its right edge is the newest sample. */
export const layersOf = (
  samples: readonly Sample[],
  width: number,
  height: number,
): readonly Layer[] => {
  const newest = samples.at(-1)?.at ?? 0;
  const covered = coveredMs(samples);
  const top = Math.max(1, heightOf(samples)) * 1.1;
  const x = ({ at }: Sample): number => Math.max(0, width - ((newest - at) / covered) * width);
  const y = (value: number): number => height - (value / top) * height;
  let below = samples.map(() => 0);
  return LAYERS.map((status) => {
    const above = samples.map(({ byStatus }, index) => (below[index] ?? 0) + byStatus[status]);
    const points = (values: readonly number[]): readonly string[] =>
      samples.map((sample, index) => `${fixed(x(sample))},${fixed(y(values[index] ?? 0))}`);
    const path = `M${[...points(above), ...points(below).toReversed()].join('L')}Z`;
    below = above;
    return { status, path };
  });
};
