import { StatusPicker, useMyPresence } from '@presence/react';
import type { ReactNode } from 'react';
import type { Login, Person } from './api.ts';
import { ConnectionPill } from '@presence/example-shared/web/connection-pill.tsx';
import { Mark } from '@presence/example-shared/web/mark.tsx';
import { DashboardIcon, LeaveIcon } from './icons.tsx';
import { OpenAs } from './open-as.tsx';

interface TopBarProps {
  readonly login: Login;
  readonly people: readonly Person[];
  readonly onSignOut: () => void;
}

/** What only you see of yourself: while invisible, the status that others do not. */
const Own = ({ person }: { readonly person: Person }): ReactNode => {
  const { presence } = useMyPresence();
  return (
    <div
      className="own"
      data-testid="my-status"
      data-user={person.id}
      data-status={presence.status}
      data-visibility={presence.visibility}
    >
      <StatusPicker className="own-picker" align="end" />
    </div>
  );
};

/** The dashboard reads a token that its own tab holds; a tab opened from here starts with what this one holds. */
const Dashboard = ({ token }: { readonly token: string }): ReactNode => (
  <button
    type="button"
    className="button"
    onClick={() => {
      sessionStorage.setItem('presence-admin-token', token);
      window.open('/presence/admin');
      sessionStorage.removeItem('presence-admin-token');
    }}
    aria-label="Dashboard"
  >
    <DashboardIcon />
    <span className="wide-only">Dashboard</span>
  </button>
);

export const TopBar = ({ login, people, onSignOut }: TopBarProps): ReactNode => (
  <header className="top-bar">
    <a className="brand" href="#">
      <Mark />
      <span className="brand-name">Juniper</span>
    </a>
    <ConnectionPill />
    <span className="spacer" />
    {login.person.id === 'ada' && <Dashboard token={login.token} />}
    <OpenAs login={login} people={people} />
    <Own person={login.person} />
    <button
      type="button"
      className="icon-button"
      onClick={onSignOut}
      aria-label={`Sign out ${login.person.name}`}
      title="Sign out"
    >
      <LeaveIcon />
    </button>
  </header>
);
