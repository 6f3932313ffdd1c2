import type { ReactNode } from 'react';

const line = (d: string) => (): ReactNode => (
  <svg className="icon" viewBox="0 0 24 24" width="16" height="16" aria-hidden="true">
    <path
      d={d}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  </svg>
);

export const SearchIcon = line('M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14ZM20 20l-4-4');
export const CloseIcon = line('M6 6l12 12M18 6 6 18');
export const BackIcon = line('M15 5l-7 7 7 7');
export const HiddenIcon = line(
  'M4 4l16 16M10 6.3A9.7 9.7 0 0 1 12 6c5 0 8.5 4 9.5 6a15 15 0 0 1-2.6 3.5M6.5 8A14 14 0 0 0 2.5 12c1 2 4.500 6 9.5 6a9 9 0 0 0 4-1',
);

/** The sign of the page. */
export const Mark = (): ReactNode => (
  <svg className="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
    <rect width="32" height="32" rx="9" className="mark-ground" />
    <circle cx="15" cy="15" r="7.5" className="mark-disc" />
    <circle cx="21.5" cy="21.5" r="4.5" className="mark-dot" />
  </svg>
);
