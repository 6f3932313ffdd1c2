import type { ReactNode } from 'react';

interface IconProps {
  readonly d: string;
}

/** A line drawing of 24 by 24, in the colour of the text beside it. */
export const Icon = ({ d }: IconProps): ReactNode => (
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
