import { useConnection } from '@presence/react';
import { useEffect, useState, type ReactNode } from 'react';
import { loadTeam, type Team } from './api.ts';
import { CloseIcon } from './icons.tsx';

/** Whether the server that answers now is another process than the one that this page came from. */
const useRestarted = (startedAt: number, isConnected: boolean): [boolean, () => void] => {
  const [known, setKnown] = useState(startedAt);
  const [latest, setLatest] = useState(startedAt);
  useEffect(() => {
    // Should it be away again, the next connection asks again.
    if (isConnected)
      loadTeam().then(
        (team) => setLatest(team.startedAt),
        () => undefined,
      );
  }, [isConnected]);
  return [latest !== known, () => setKnown(latest)];
};

/** What becomes of statuses when the server goes away, and when it is back. */
export const ServerBanner = ({
  startedAt,
  keeps,
}: Pick<Team, 'startedAt' | 'keeps'>): ReactNode => {
  const { status } = useConnection();
  const [isRestarted, understood] = useRestarted(startedAt, status === 'connected');
  if (status === 'reconnecting') {
    return (
      <div className="banner banner-waiting" role="status">
        The server does not answer. Everybody comes back with it
        {keeps
          ? ', and what they said of themselves is kept.'
          : '; statuses that were set live in its memory, and are lost if it stopped.'}
      </div>
    );
  }
  if (!isRestarted) return null;
  return (
    <div className="banner" role="status">
      <span>
        The server was restarted. Everybody is back by themselves
        {keeps
          ? ', with what they said of themselves: it is in the database.'
          : '; statuses that were set lived in its memory, and are gone. A database keeps them.'}
      </span>
      <button type="button" className="icon-button" aria-label="Understood" onClick={understood}>
        <CloseIcon />
      </button>
    </div>
  );
};
