import type { ReactNode } from 'react';

/** The sign of the team that every example is about. */
export const Mark = (): ReactNode => (
  <svg className="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
    <rect width="32" height="32" rx="9" className="mark-ground" />
    <circle cx="15" cy="15" r="7.5" fill="#fff" />
    <circle cx="21.5" cy="21.5" r="4.5" fill="#3ddc97" className="mark-dot" />
  </svg>
);
