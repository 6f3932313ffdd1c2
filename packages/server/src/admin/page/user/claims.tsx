import { PresenceDot } from '@presence/react';
import type { ReactNode } from 'react';
import { TEXTS } from '../texts.ts';
import { span } from '../time.ts';
import type { Moment } from './moment.ts';

const { user: WORDS } = TEXTS;

/** Every status that is set, by whom, and which of them shows. */
export const Claims = ({ answer, now }: Moment): ReactNode => {
  const claims = [...answer.explanation.claims].sort(
    (a, b) => Number(b.wins) - Number(a.wins) || b.priority - a.priority,
  );
  return (
    <section className="part" aria-label={WORDS.claims}>
      <h3>{WORDS.claims}</h3>
      {claims.length === 0 && <p className="fine">{WORDS.noClaims}</p>}
      <ul className="entries">
        {claims.map((claim) => (
          <li key={claim.source} className="entry" data-claim={claim.source} data-wins={claim.wins}>
            <PresenceDot status={claim.status} label={null} />
            <span className="entry-text">
              <span className="entry-name">
                {claim.emoji} {claim.message ?? TEXTS.status[claim.status]}
              </span>
              <span className="fine">
                {claim.wins ? WORDS.claimShows : WORDS.claimWaits}: {claim.why}
                {claim.until !== null && ` · ${WORDS.until(span(claim.until - now))}`}
              </span>
            </span>
            <span className="badge">{claim.source}</span>
          </li>
        ))}
      </ul>
    </section>
  );
};
