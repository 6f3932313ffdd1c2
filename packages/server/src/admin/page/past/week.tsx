import type { UsualHours } from '@presence/core';
import type { ReactNode } from 'react';
import { TEXTS } from '../texts.ts';

const { past: WORDS } = TEXTS;

const CELL = 14;
const GAP = 2;
const LEFT = 30;
const TOP = 14;
const HOURS = 24;
const EACH = [0, 6, 12, 18] as const;

const inWords = ({ usual }: UsualHours): string =>
  usual.length === 0
    ? WORDS.noUsual
    : WORDS.usually(usual.map(({ from, until }) => WORDS.hours(from, until)).join(', '));

/** Which part of each hour of the week they were there: the darker, the more. */
export const Week = ({ insights }: { readonly insights: UsualHours }): ReactNode => {
  const text = inWords(insights);
  return (
    <figure className="past-figure">
      <figcaption>
        {WORDS.usual}{' '}
        <span className="fine" data-testid="usual">
          {text}
        </span>
      </figcaption>
      <svg
        className="past-week"
        viewBox={`0 0 ${LEFT + HOURS * CELL} ${TOP + WORDS.weekdays.length * CELL}`}
        role="img"
        aria-label={text}
      >
        {EACH.map((hour) => (
          <text key={hour} className="past-axis" x={LEFT + hour * CELL} y={TOP - 5}>
            {WORDS.hour(hour)}
          </text>
        ))}
        {insights.byWeekday.map((day, weekday) => (
          <g key={WORDS.weekdays[weekday]}>
            <text className="past-axis" x={0} y={TOP + weekday * CELL + CELL - 4}>
              {WORDS.weekdays[weekday]}
            </text>
            {day.map((share, hour) => (
              <rect
                // oxlint-disable-next-line react/no-array-index-key -- an hour is its place
                key={hour}
                className="past-hour"
                data-known={share !== null}
                x={LEFT + hour * CELL}
                y={TOP + weekday * CELL}
                width={CELL - GAP}
                height={CELL - GAP}
                rx={3}
                fillOpacity={share === null ? undefined : 0.07 + share * 0.93}
              >
                <title>{WORDS.hourTitle(WORDS.weekdays[weekday] ?? '', hour, share)}</title>
              </rect>
            ))}
          </g>
        ))}
      </svg>
    </figure>
  );
};
