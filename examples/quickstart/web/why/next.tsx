import { PresenceDot } from '@presence/react';
import type { ReactNode } from 'react';
import { ClockIcon } from '../icons.tsx';
import { useNow } from '../use-now.ts';
import { countdown, NEXT_WORDS, span, STATUS_WORDS } from '../words.ts';
import type { Explained } from './live-explanation.ts';

/** What changes next if nobody acts. */
export const Next = ({ explained }: { readonly explained: Explained }): ReactNode => {
  const { told, gotAt } = explained;
  const now = useNow();
  const { next } = told;
  if (!next) {
    return (
      <p className="next next-none">
        <ClockIcon /> Nothing changes by itself.
      </p>
    );
  }
  const status = (
    <span className="next-status">
      <PresenceDot status={next.status} size={10} label={null} /> {STATUS_WORDS[next.status]}
    </span>
  );
  // A lease is renewed long before its end: to count it down would only alarm.
  if (next.cause === 'lease-ended') {
    return (
      <p className="next" data-testid="next">
        <ClockIcon />
        <span className="next-why">Should the connection break without a word:</span>
        {status}
        <span className="next-why">within {span(next.at - told.at)}</span>
      </p>
    );
  }
  return (
    <p className="next" data-testid="next">
      <ClockIcon />
      <span className="next-time">{countdown(next.at - told.at - (now - gotAt))}</span>
      {status}
      <span className="next-why">{NEXT_WORDS[next.cause] ?? 'by itself'}</span>
    </p>
  );
};
