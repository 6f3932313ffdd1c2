import { createPresenceClient } from '@presence/client';
import { PresenceProvider, StatusPicker, useConnection, useMyPresence } from '@presence/react';
import { useMemo, type ReactNode } from 'react';
import { ConnectionPill } from '@presence/example-shared/web/connection-pill.tsx';
import { Mark } from '@presence/example-shared/web/mark.tsx';
import { Blocked } from './blocked.tsx';
import { LeaveIcon } from './icons.tsx';
import { Link } from './link.tsx';
import { ModeSwitch } from './mode-switch.tsx';
import { useMode } from './mode.ts';
import { OwnPage } from './own-page.tsx';
import { PeoplePage } from './people/people-page.tsx';
import { useRoute } from './route.ts';
import { useSession } from './session.ts';

interface ShellProps {
  /** @param why what the sign-in page says; `null`: they know */
  readonly onSignedOut: (why: string | null) => void;
}

/** Everything behind the login. The provider starts the client, and stops it on leaving. */
export const Shell = ({ onSignedOut }: ShellProps): ReactNode => {
  const { user, fetch, signOut } = useSession();
  const mode = useMode();
  const client = useMemo(
    () =>
      createPresenceClient({
        url: '/presence',
        userId: user.id,
        device: 'web',
        fetch,
        transport: mode === 'live' ? 'auto' : 'http',
      }),
    [user.id, fetch, mode],
  );

  const leave = async (): Promise<void> => {
    await client.signOut();
    // Signed out here, whatever the server says; an unreachable one cannot keep anybody in.
    await signOut().catch(() => undefined);
    onSignedOut(null);
  };

  return (
    <PresenceProvider client={client}>
      <title>Juniper</title>
      <Standing onSignedOut={onSignedOut} onSignOut={() => void leave()} />
    </PresenceProvider>
  );
};

interface StandingProps extends ShellProps {
  readonly onSignOut: () => void;
}

/** Whoever may not be here any more is told why, and sees nothing that is no longer true. */
const Standing = ({ onSignedOut, onSignOut }: StandingProps): ReactNode => {
  const { status, error } = useConnection();
  if (status === 'stopped' && error?.code === 'account_blocked') {
    return <Blocked onSignOut={onSignOut} />;
  }
  if (status === 'stopped' && error) return <Ended onSignedOut={onSignedOut} />;
  return <Inside onSignOut={onSignOut} />;
};

/** Signed out by somebody else, or in another window. */
const Ended = ({ onSignedOut }: ShellProps): ReactNode => (
  <main className="notice-page" role="alert">
    <span className="notice-icon">
      <LeaveIcon />
    </span>
    <h1>You were signed out</h1>
    <p>An admin ended your sessions, or you signed out elsewhere. Everybody sees you as offline.</p>
    <button type="button" className="button button-main" onClick={() => onSignedOut(null)}>
      Sign in again
    </button>
  </main>
);

const Own = (): ReactNode => {
  const { user } = useSession();
  const { presence } = useMyPresence();
  return (
    <div className="own" data-testid="my-status" data-user={user.id} data-status={presence.status}>
      <StatusPicker align="end" />
    </div>
  );
};

const Inside = ({ onSignOut }: Pick<StandingProps, 'onSignOut'>): ReactNode => {
  const { user } = useSession();
  const { page, userId } = useRoute();
  const isAdmin = user.role === 'admin';
  const isPeople = page === 'people' && isAdmin;
  return (
    <div className="shell">
      <header className="top-bar">
        <Link to="/" className="brand">
          <Mark />
          <span className="brand-name">Juniper</span>
        </Link>
        <nav className="tabs" aria-label="Pages">
          <Link to="/" className="tab" isCurrent={!isPeople}>
            You
          </Link>
          {isAdmin && (
            <Link to="/people" className="tab" isCurrent={isPeople}>
              People
            </Link>
          )}
        </nav>
        <span className="spacer" />
        <ConnectionPill />
        <ModeSwitch />
        <Own />
        <button
          type="button"
          className="icon-button"
          onClick={onSignOut}
          aria-label={`Sign out ${user.name}`}
          title="Sign out"
        >
          <LeaveIcon />
        </button>
      </header>
      {isPeople ? <PeoplePage userId={userId} /> : <OwnPage />}
    </div>
  );
};
