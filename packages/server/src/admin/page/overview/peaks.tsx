import type { PeaksAnswer } from '@presence/core/protocol';
import { useState, type ReactNode } from 'react';
import { useDashboard } from '../dashboard.ts';
import { TEXTS } from '../texts.ts';
import { count } from '../time.ts';

const { peaks: WORDS } = TEXTS;

const DAYS = 30;
const WIDTH = 600;
const HEIGHT = 48;

const timeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

const when = (at: number): string =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' }).format(at);

const Days = ({ answer: { days, peak } }: { readonly answer: PeaksAnswer }): ReactNode => {
  const highest = peak?.count ?? 0;
  if (!peak || highest === 0) return <p className="fine">{WORDS.none}</p>;
  const most = WORDS.most(count(highest), when(peak.at));
  const step = WIDTH / days.length;
  return (
    <>
      <p className="peaks-most" data-testid="peak">
        {most}
      </p>
      <svg
        className="peaks-drawing"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={WORDS.labelOf(most)}
      >
        {days.map(({ date, peak: { count: together } }, index) => {
          const height = (together / highest) * HEIGHT;
          return (
            <rect
              key={date}
              className="peaks-day"
              x={index * step + step * 0.12}
              y={HEIGHT - height}
              width={step * 0.76}
              height={height}
            >
              <title>{WORDS.dayTitle(date, count(together))}</title>
            </rect>
          );
        })}
      </svg>
      <p className="course-times" aria-hidden="true">
        <span>{days[0]?.date}</span>
        <span>{WORDS.today}</span>
      </p>
    </>
  );
};

/** How many were there together. Each look is audited, so nothing asks by itself. */
const Card = (): ReactNode => {
  const { api, onError } = useDashboard();
  const [answer, setAnswer] = useState<PeaksAnswer | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const look = async (): Promise<void> => {
    setIsBusy(true);
    try {
      setAnswer(await api.peaks(timeZone(), DAYS));
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
      onError(error);
    }
    setIsBusy(false);
  };
  return (
    <section className="card peaks" aria-label={WORDS.label} data-testid="peaks">
      <h2>{WORDS.label}</h2>
      {failure !== null && (
        <p className="fine" role="alert">
          {failure}
        </p>
      )}
      {answer ? (
        <Days answer={answer} />
      ) : (
        <p className="peaks-ask">
          <span className="fine">{WORDS.hint}</span>
          <button type="button" className="button" disabled={isBusy} onClick={() => void look()}>
            {WORDS.look}
          </button>
        </p>
      )}
    </section>
  );
};

/** Nothing where no history is kept, or for whoever may not read it. */
export const Peaks = (): ReactNode => {
  const { config } = useDashboard();
  return config.history && config.may['admin:history:read'] ? <Card /> : null;
};
