import { useConnection } from '@presence/react';
import type { ReactNode } from 'react';
import type { Login } from './api.ts';

/** A sign-out ends every tab of this browser; each says so instead of showing what is no longer true. */
export const Stopped = ({ login }: { readonly login: Login }): ReactNode => {
  const { status, error } = useConnection();
  if (status !== 'stopped') return null;
  return (
    <div className="banner" role="alert">
      <span>{error?.message ?? `${login.person.name} signed out in another tab.`}</span>
      {/* A fresh token comes with the page. */}
      <button type="button" className="button" onClick={() => location.reload()}>
        Sign in again
      </button>
    </div>
  );
};
