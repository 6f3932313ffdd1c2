import { PresenceDot } from '@presence/react';
import type { ReactNode } from 'react';
import { CheckIcon } from '../icons.tsx';
import { countdown, STATUS_WORDS } from '@presence/example-shared/web/words.ts';
import type { Moment } from './moment.ts';

/** Every status that is set, by whom, and which of them shows. */
export const Claims = ({ told, now }: Moment): ReactNode => {
  const claims = [...told.claims].sort(
    (a, b) => Number(b.wins) - Number(a.wins) || b.priority - a.priority,
  );
  return (
    <div className="card">
      <h4>Statuses that are set</h4>
      {claims.length === 0 && <p className="empty">None: activity decides.</p>}
      <ul className="claims">
        {claims.map((claim) => (
          <li key={claim.source} className="claim" data-claim={claim.source} data-wins={claim.wins}>
            <span className="claim-mark">
              {claim.wins ? <CheckIcon /> : <PresenceDot status={claim.status} label={null} />}
            </span>
            <span className="claim-text">
              <span className="claim-name">
                {claim.emoji && <span className="emoji">{claim.emoji}</span>}{' '}
                {claim.message ?? STATUS_WORDS[claim.status]}
              </span>
              <span className="claim-why">
                {claim.wins ? 'Shows' : 'Waits'}: {claim.why}
              </span>
            </span>
            <span className="claim-facts">
              <span className="badge">{claim.source}</span>
              {claim.until !== null && (
                <span className="claim-left">{countdown(claim.until - now)}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
};
