import type { Step } from '@presence/core';
import { PresenceDot } from '@presence/react';
import type { ReactNode } from 'react';
import { TEXTS } from '../texts.ts';
import { ago } from '../time.ts';

const TIME = new Intl.DateTimeFormat('en', {
  dateStyle: 'medium',
  timeStyle: 'medium',
  hourCycle: 'h23',
});

interface StepsProps {
  readonly steps: readonly Pick<Step, 'at' | 'status' | 'cause' | 'revision'>[];
  readonly now: number;
}

/** Changes in the order given, each with its cause. */
export const Steps = ({ steps, now }: StepsProps): ReactNode => (
  <>
    {steps.length === 0 && <p className="fine">{TEXTS.user.noHistory}</p>}
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
  </>
);
