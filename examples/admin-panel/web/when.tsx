import type { ReactNode } from 'react';
import { useNow } from '@presence/example-shared/web/use-now.ts';
import { ago } from '@presence/example-shared/web/words.ts';

const EXACT = new Intl.DateTimeFormat('en', {
  dateStyle: 'medium',
  timeStyle: 'medium',
  hourCycle: 'h23',
});

/** "3 min ago", exactly on a pointer. */
export const When = ({ at }: { readonly at: number }): ReactNode => {
  const now = useNow();
  return (
    <time className="when" dateTime={new Date(at).toISOString()} title={EXACT.format(at)}>
      {ago(Math.max(0, now - at))}
    </time>
  );
};
