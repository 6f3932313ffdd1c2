import type { ReactNode } from 'react';
import { goTo } from './route.ts';

interface LinkProps {
  readonly to: string;
  readonly className?: string;
  readonly isCurrent?: boolean;
  readonly children: ReactNode;
}

/** A link within the page. Opened in a new tab it is one like any other. */
export const Link = ({ to, className, isCurrent, children }: LinkProps): ReactNode => (
  <a
    href={to}
    className={className}
    aria-current={isCurrent ? 'page' : undefined}
    onClick={(event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      goTo(to);
    }}
  >
    {children}
  </a>
);
