import type { ReactNode } from 'react';
import type { ShownStatus } from '@presence/client';
import { useTexts } from '../presence-context.ts';

/** Each status has a shape of its own: colour alone tells nothing to many. The one of `unknown` is drawn with dashes. */
const SHAPES: Readonly<Record<ShownStatus, string>> = {
  online: 'M8 0a8 8 0 1 1 0 16A8 8 0 1 1 8 0Z',
  away: 'M8.49.01A8 8 0 1 1 .01 8.49 6 6 0 1 0 8.49.01Z',
  busy: 'M5 1h6a4 4 0 0 1 4 4v6a4 4 0 0 1-4 4H5a4 4 0 0 1-4-4V5a4 4 0 0 1 4-4Z',
  // A disc with a bar in it, and one with a hole.
  dnd: 'M8 0a8 8 0 1 1 0 16A8 8 0 1 1 8 0ZM4.75 6.25h6.5a1.75 1.75 0 0 1 0 3.5h-6.5a1.75 1.75 0 0 1 0-3.5Z',
  offline: 'M8 0a8 8 0 1 1 0 16A8 8 0 1 1 8 0ZM8 3.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 1 0 0-9Z',
  unknown: 'M14.75 8a6.75 6.75 0 1 1-13.5 0 6.75 6.75 0 1 1 13.5 0Z',
};

const DASHED = {
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 2.5,
  strokeDasharray: '4.24 2.83',
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
  const words = useTexts().status;
  const accessible =
    label === null
      ? { 'aria-hidden': true }
      : { role: 'img', 'aria-label': label ?? words[status] };
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
      <path fillRule="evenodd" d={SHAPES[status]} {...(status === 'unknown' && DASHED)} />
    </svg>
  );
};
