import { PresenceDot } from '@presence/react';
import type { ReactNode } from 'react';
import { ago, causeOf, STATUS_WORDS, timeOf } from '@presence/example-shared/web/words.ts';
import type { Moment } from './moment.ts';

/** The last five changes, the newest first, each with its cause. */
export const Timeline = ({ told, now }: Moment): ReactNode => (
  <div className="card">
    <h4>What happened before</h4>
    {told.transitions.length === 0 && <p className="empty">Nothing yet.</p>}
    <ol className="timeline">
      {told.transitions.toReversed().map((step) => (
        <li key={step.revision} className="step" data-status={step.status}>
          <PresenceDot status={step.status} size={12} label={null} />
          <span className="step-status">{STATUS_WORDS[step.status]}</span>
          <span className="step-cause">{causeOf(step)}</span>
          <time
            className="step-time"
            dateTime={new Date(step.at).toISOString()}
            title={timeOf(step.at)}
          >
            {ago(now - step.at)}
          </time>
        </li>
      ))}
    </ol>
  </div>
);
