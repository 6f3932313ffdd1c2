import { PresenceDot } from '@presence/react';
import type { ReactNode } from 'react';
import { useNow } from '../use-now.ts';
import { CAUSE_WORDS, span, STATUS_WORDS, timeOf } from '../words.ts';
import type { Explained } from './live-explanation.ts';

/** The last five changes, the newest first, each with its cause. */
export const Timeline = ({ explained }: { readonly explained: Explained }): ReactNode => {
  const { told, gotAt } = explained;
  const now = useNow();
  return (
    <div className="card">
      <h4>What happened before</h4>
      {told.transitions.length === 0 && <p className="empty">Nothing yet.</p>}
      <ol className="timeline">
        {told.transitions.toReversed().map(({ revision, status, at, cause }) => (
          <li key={revision} className="step" data-status={status}>
            <PresenceDot status={status} size={12} label={null} />
            <span className="step-status">{STATUS_WORDS[status]}</span>
            <span className="step-cause">{CAUSE_WORDS[cause]}</span>
            <time className="step-time" dateTime={new Date(at).toISOString()} title={timeOf(at)}>
              {span(told.at - at + Math.max(0, now - gotAt))} ago
            </time>
          </li>
        ))}
      </ol>
    </div>
  );
};
