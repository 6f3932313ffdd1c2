import { PresenceDot } from '@presence/react';
import type { ReactNode } from 'react';
import { TEXTS } from '../texts.ts';
import { ago } from '../time.ts';
import type { Moment } from './moment.ts';

const { user: WORDS } = TEXTS;

const TIME = new Intl.DateTimeFormat('en', {
  dateStyle: 'medium',
  timeStyle: 'medium',
  hourCycle: 'h23',
});

/** The last changes, the newest first, each with its cause. */
export const History = ({ answer, now }: Moment): ReactNode => {
  const steps = answer.explanation.transitions.toReversed();
  return (
    <section className="part" aria-label={WORDS.history}>
      <h3>{WORDS.history}</h3>
      {steps.length === 0 && <p className="fine">{WORDS.noHistory}</p>}
      <ol className="entries">
        {steps.map((step) => (
          <li key={step.revision} className="entry" data-cause={step.cause}>
            <PresenceDot status={step.status} label={null} />
            <span className="entry-text">
              <span className="entry-name">{TEXTS.status[step.status]}</span>
              <span className="fine">{TEXTS.cause[step.cause]}</span>
            </span>
            <time
              className="fine"
              dateTime={new Date(step.at).toISOString()}
              title={TIME.format(step.at)}
            >
              {ago(now - step.at)}
            </time>
          </li>
        ))}
      </ol>
    </section>
  );
};
