import type { DayOnline } from '@presence/core';
import { useMemo, type ReactNode } from 'react';
import { TEXTS } from '../texts.ts';
import { hours } from '../time.ts';
import { barsOf } from './bars.ts';

const { past: WORDS } = TEXTS;

const WIDTH = 360;
const HEIGHT = 72;

/** Only days of which something is known count. */
const average = (days: readonly DayOnline[]): number => {
  const known = days.filter(({ knownMs }) => knownMs > 0);
  return known.reduce((sum, { onlineMs }) => sum + onlineMs, 0) / Math.max(1, known.length);
};

/** Time online of each day, by status. */
export const Days = ({ days }: { readonly days: readonly DayOnline[] }): ReactNode => {
  const bars = useMemo(() => barsOf(days, WIDTH, HEIGHT), [days]);
  const step = WIDTH / Math.max(1, days.length);
  const [first, today] = [days[0], days.at(-1)];
  return (
    <figure className="past-figure">
      <figcaption>
        {WORDS.perDay} <span className="fine">{WORDS.average(hours(average(days)))}</span>
      </figcaption>
      <svg
        className="past-days"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={WORDS.daysLabel(hours(average(days)), hours(today?.onlineMs ?? 0))}
      >
        {days.map(({ date, onlineMs, knownMs }, index) => (
          <rect
            key={date}
            className="past-day"
            data-known={knownMs > 0}
            x={index * step + step * 0.12}
            y={0}
            width={step * 0.76}
            height={HEIGHT}
          >
            <title>{`${date}: ${knownMs === 0 ? WORDS.notKnown : hours(onlineMs)}`}</title>
          </rect>
        ))}
        {bars.map(({ status, ...place }) => (
          <rect key={`${status} ${place.x}`} className="past-bar" data-status={status} {...place} />
        ))}
      </svg>
      <p className="past-ends" aria-hidden="true">
        <span>{first?.date}</span>
        <span>{WORDS.today}</span>
      </p>
    </figure>
  );
};
