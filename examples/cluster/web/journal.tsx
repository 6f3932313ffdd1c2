import type { ReactNode } from 'react';
import type { Entry } from '../journal.ts';
import { timeOf } from './words.ts';

/** What happened, in words, newest first. */
export const Journal = ({ entries }: { readonly entries: readonly Entry[] }): ReactNode => (
  <aside className="journal card" aria-labelledby="journal-title">
    <h2 id="journal-title">What happened</h2>
    <ol aria-live="polite" data-testid="journal">
      {entries.map(({ id, at, tone, title, detail }) => (
        <li key={id} className="entry" data-tone={tone}>
          <span className="entry-mark" aria-hidden="true" />
          <p className="entry-title">
            {title}
            <time>{timeOf(at)}</time>
          </p>
          {detail && <p className="entry-detail">{detail}</p>}
        </li>
      ))}
    </ol>
  </aside>
);
