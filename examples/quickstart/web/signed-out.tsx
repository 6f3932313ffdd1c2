import { useConnection } from '@presence/react';
import type { ReactNode } from 'react';
import type { Login } from './api.ts';
import { ConnectionPill } from '@presence/example-shared/web/connection-pill.tsx';
import { LeaveIcon } from './icons.tsx';

/** Whoever is not connected for good sees that, and nothing that is no longer true. */
export const SignedOut = ({ login }: { readonly login: Login }): ReactNode => {
  const { error } = useConnection();
  return (
    <main className="signed-out" role="alert">
      <span className="signed-out-icon">
        <LeaveIcon />
      </span>
      <h1>{error ? 'You are not connected any more' : 'You signed out in another window'}</h1>
      <p>
        {error?.message ??
          `A sign-out of ${login.person.name} ends every tab of this browser, so they are offline here too.`}
      </p>
      {/* A fresh token comes with the page. */}
      <button type="button" className="button" onClick={() => location.reload()}>
        Sign in again
      </button>
      <ConnectionPill />
    </main>
  );
};
