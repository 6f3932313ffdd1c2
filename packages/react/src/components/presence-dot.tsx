import type { ReactNode } from 'react';
import type { ShownStatus } from '@presence/client';
import { usePresenceContext } from '../presence-context.ts';

const DISC = 'M8 0a8 8 0 1 1 0 16A8 8 0 1 1 8 0Z';
const BAR = 'M4.75 6.25h6.5a1.75 1.75 0 0 1 0 3.5h-6.5a1.75 1.75 0 0 1 0-3.5Z';
const HOLE = 'M8 3.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 1 0 0-9Z';
const CRESCENT = 'M8.49.01A8 8 0 1 1 .01 8.49 6 6 0 1 0 8.49.01Z';
const SQUARE = 'M5 1h6a4 4 0 0 1 4 4v6a4 4 0 0 1-4 4H5a4 4 0 0 1-4-4V5a4 4 0 0 1 4-4Z';

/** Each status has a shape of its own: colour alone tells nothing to many. */
const SHAPES: Readonly<Record<ShownStatus, ReactNode>> = {
  online: <path d={DISC} />,
  away: <path d={CRESCENT} />,
  busy: <path d={SQUARE} />,
  dnd: <path fillRule="evenodd" d={DISC + BAR} />,
  offline: <path fillRule="evenodd" d={DISC + HOLE} />,
  unknown: (
    <circle
      cx="8"
      cy="8"
      r="6.75"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.5"
      strokeDasharray="4.24 2.83"
    />
  ),
};

export interface PresenceDotProps {
  readonly status: ShownStatus;
  /** Width and height in pixels. Default 10. */
  readonly size?: number | undefined;
  /** Read out by screen readers. Default: the status in words; `null` where those stand beside it. */
  readonly label?: string | null | undefined;
  /** Sets it off from a picture below it, by a rim in `--presence-surface`. */
  readonly rim?: boolean | undefined;
  readonly className?: string | undefined;
}

/** A status as a small sign that differs by shape and colour. It subscribes to nothing. */
export const PresenceDot = ({
  status,
  size = 10,
  label,
  rim = false,
  className = '',
}: PresenceDotProps): ReactNode => {
  const { texts } = usePresenceContext();
  const accessible =
    label === null
      ? { 'aria-hidden': true }
      : { role: 'img', 'aria-label': label ?? texts.status[status] };
  return (
    <svg
      {...accessible}
      className={`presence-dot ${rim ? 'presence-dot--rim ' : ''}${className}`.trim()}
      data-status={status}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="currentColor"
    >
      {SHAPES[status]}
    </svg>
  );
};
