import { PresenceDot } from '@presence/react';
import type { ReactNode } from 'react';
import { ClockIcon } from '../icons.tsx';
import { countdown, NEXT_WORDS, span, STATUS_WORDS } from '@presence/example-shared/web/words.ts';
import type { Moment } from './moment.ts';

const Text = ({ told, now }: Pick<Moment, 'told' | 'now'>): ReactNode => {
  const { next } = told;
  if (!next) return 'Nothing changes by itself.';
  const status = (
    <span className="next-status">
      <PresenceDot status={next.status} size={10} label={null} /> {STATUS_WORDS[next.status]}
    </span>
  );
  // A lease is renewed long before its end: to count it down would only alarm.
  return next.cause === 'lease-ended' ? (
    <>
      Should the connection break without a word: {status} within {span(next.at - told.at)}
    </>
  ) : (
    <>
      <span className="next-time">{countdown(next.at - now)}</span> {status}{' '}
      {NEXT_WORDS[next.cause] ?? 'by itself'}
    </>
  );
};

/** What changes next if nobody acts; of an answer that may be over, only how old it is. */
export const Next = ({ told, now, isCurrent, ageMs }: Moment): ReactNode => (
  <p className="next" data-testid="next">
    <ClockIcon />
    <span>
      {isCurrent ? (
        <Text {...{ told, now }} />
      ) : (
        <strong className="stale">
          The server does not answer. All this is as of {span(ageMs)} ago.
        </strong>
      )}
    </span>
  </p>
);
