import { STATUSES } from '@presence/core';
import { useMemo, type ReactNode } from 'react';
import type { Sample } from '../data/live-stats.ts';
import { TEXTS } from '../texts.ts';
import { ago, count } from '../time.ts';
import { coveredMs, heightOf, layersOf } from './layers.ts';

const { overview: WORDS } = TEXTS;

const WIDTH = 600;
const HEIGHT = 100;

const inWords = (sample: Sample | undefined): string =>
  sample
    ? STATUSES.map((status) => `${TEXTS.status[status]} ${count(sample.byStatus[status])}`).join(
        ', ',
      )
    : '–';

/** How the counts went since the page was opened, for ten minutes at most. */
export const Course = ({ samples }: { readonly samples: readonly Sample[] }): ReactNode => {
  const layers = useMemo(() => layersOf(samples, WIDTH, HEIGHT), [samples]);
  return (
    <section className="card course" aria-label={WORDS.course}>
      <h2 title={WORDS.courseHint}>
        {WORDS.course} <span className="course-most">{WORDS.atMost(count(heightOf(samples)))}</span>
      </h2>
      <svg
        className="course-drawing"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={WORDS.courseLabel(inWords(samples.at(-1)))}
      >
        {samples.length > 1 &&
          layers.map(({ status, path }) => (
            <path key={status} d={path} className="course-layer" data-status={status} />
          ))}
      </svg>
      <p className="course-times" aria-hidden="true">
        <span>{ago(coveredMs(samples))}</span>
        <span>{WORDS.now}</span>
      </p>
    </section>
  );
};
