import type { ReactNode } from 'react';

/** The sign of this chat. */
export const Lamp = ({ size }: { readonly size: number }): ReactNode => (
  <svg className="lamp" viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
    <rect width="32" height="32" rx="9" fill="#2b2440" />
    <path d="M11 12h10l2.5 10h-15z" fill="#ffc857" />
    <path d="M12 9.5a4 4 0 0 1 8 0V12h-8z" fill="#f4a340" />
    <rect x="13" y="23.5" width="6" height="2" rx="1" fill="#f4a340" />
  </svg>
);
