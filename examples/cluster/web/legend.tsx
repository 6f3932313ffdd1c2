import type { ShownStatus } from '@presence/client';
import { PresenceDot } from '@presence/react';
import type { ReactNode } from 'react';
import { STATUS_WORDS } from './words.ts';

const SHOWN: readonly ShownStatus[] = ['online', 'away', 'busy', 'dnd', 'offline', 'unknown'];

/** What the dots mean, and who these people are. */
export const Legend = (): ReactNode => (
  <footer className="legend">
    <ul>
      {SHOWN.map((status) => (
        <li key={status}>
          <PresenceDot status={status} label={null} /> {STATUS_WORDS[status]}
        </li>
      ))}
    </ul>
    <p>
      Everybody is simulated but you and other visitors. All are clients with a socket of their own;
      faded ones are on their way back.
    </p>
  </footer>
);
