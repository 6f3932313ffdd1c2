import { PresenceDot, useOnlineUsers } from '@presence/react';
import { useCallback, type ReactNode } from 'react';
import type { OnlineUsers } from '@presence/client';
import { STATUS_WORDS } from '@presence/example-shared/web/words.ts';
import type { Counts as CountsAnswer } from '../api.ts';
import { useMode, useRefreshMs } from '../mode.ts';
import { useSession } from '../session.ts';
import { useAsked } from '../use-asked.ts';

const SHOWN = ['online', 'away', 'busy', 'dnd', 'offline'] as const;

const linesOf = ({ byStatus }: OnlineUsers): string => JSON.stringify(byStatus);

/** How many there are of each, by one query over users and presence. */
export const Counts = (): ReactNode => (useMode() === 'live' ? <Live /> : <Shown since="" />);

const Live = (): ReactNode => <Shown since={useOnlineUsers(linesOf)} />;

/** @param since whenever it changes, they are counted again */
const Shown = ({ since }: { readonly since: string }): ReactNode => {
  const { call } = useSession();
  const ask = useCallback(
    (signal: AbortSignal) => call<CountsAnswer>('GET', '/api/counts', { signal }),
    [call],
  );
  const { answer } = useAsked(ask, useRefreshMs(), since);
  return (
    <dl className="counts" data-testid="counts">
      {SHOWN.map((status) => (
        <div key={status} className="count" data-count={status}>
          <dt>
            <PresenceDot status={status} label={null} /> {STATUS_WORDS[status]}
          </dt>
          <dd>{answer ? (answer.byStatus[status] ?? 0) : '–'}</dd>
        </div>
      ))}
      <div className="count" data-count="blocked">
        <dt>Cannot come in</dt>
        <dd>{answer?.blocked ?? '–'}</dd>
      </div>
    </dl>
  );
};
