import { usePresenceClient } from '@presence/react';
import { useState, type ReactNode } from 'react';
import { LockIcon } from './icons.tsx';
import { useRefreshMs } from './mode.ts';
import { useSession } from './session.ts';
import { useAsked } from './use-asked.ts';

/** What a blocked account sees. It looks now and then whether it may come back. */
export const Blocked = ({ onSignOut }: { readonly onSignOut: () => void }): ReactNode => {
  const client = usePresenceClient();
  const { call } = useSession();
  const [ask] = useState(() => async (signal: AbortSignal) => {
    await call('GET', '/api/me', { signal });
    client.start();
    return true;
  });
  const { problem, again } = useAsked(ask, useRefreshMs());
  return (
    <main className="notice-page" role="alert" data-testid="blocked">
      <span className="notice-icon">
        <LockIcon />
      </span>
      <h1>You cannot come in now</h1>
      <p>
        {problem?.message ?? 'Your account is blocked.'} Everybody sees you as offline. Once an
        admin lets you in again, this page goes on by itself.
      </p>
      <div className="notice-actions">
        <button type="button" className="button button-main" onClick={again}>
          Try again
        </button>
        <button type="button" className="button" onClick={onSignOut}>
          Sign out
        </button>
      </div>
    </main>
  );
};
