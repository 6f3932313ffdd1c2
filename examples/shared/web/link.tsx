import type { ReactNode } from 'react';

export interface LinkProps {
  readonly to: string;
  readonly className?: string;
  readonly isCurrent?: boolean;
  readonly children: ReactNode;
}

/**
 * Makes the links within a page. Opened in a new tab one is like any other.
 *
 * @param goTo shows another place of the page without loading it
 */
export const createLink =
  (goTo: (path: string) => void) =>
  ({ to, className, isCurrent, children }: LinkProps): ReactNode => (
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
