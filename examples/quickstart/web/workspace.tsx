import { createPresenceClient, type PresenceClient } from '@presence/client';
import { PresenceProvider, useConnection } from '@presence/react';
import { useState, type ReactNode } from 'react';
import { signOut, type Login, type Team } from './api.ts';
import { Hints } from './hints.tsx';
import { PeopleList } from './people-list.tsx';
import { PersonPane } from './person-pane.tsx';
import { ServerBanner } from './server-banner.tsx';
import { SignedOut } from './signed-out.tsx';
import { TopBar } from './top-bar.tsx';
import { goTo, useSelectedUser } from './use-path.ts';

interface WorkspaceProps {
  readonly login: Login;
  readonly team: Team;
}

const clientOf = ({ person, fetch }: Login): PresenceClient =>
  createPresenceClient({ url: '/presence', userId: person.id, fetch, device: 'web' });

/** Everything behind the login. The provider starts the client, and stops it on leaving. */
export const Workspace = ({ login, team }: WorkspaceProps): ReactNode => {
  const [client] = useState(() => clientOf(login));
  const [isLeaving, setLeaving] = useState(false);

  const leave = async (): Promise<void> => {
    setLeaving(true);
    await client.signOut();
    // Signed out here, whatever the server says; an unreachable one cannot keep anybody in.
    await signOut(login).catch(() => undefined);
    goTo('/');
  };

  return (
    <PresenceProvider client={client}>
      <title>{`${login.person.name} · Juniper`}</title>
      {isLeaving ? (
        <div className="splash" aria-busy="true" />
      ) : (
        <Shell login={login} team={team} onSignOut={() => void leave()} />
      )}
    </PresenceProvider>
  );
};

interface ShellProps extends WorkspaceProps {
  readonly onSignOut: () => void;
}

const Shell = ({ login, team, onSignOut }: ShellProps): ReactNode => {
  const { people, startedAt, keeps } = team;
  const selected = useSelectedUser();
  const { status } = useConnection();
  if (status === 'stopped') return <SignedOut login={login} />;
  const person = people.find(({ id }) => id === selected);
  return (
    <div className="shell" data-view={person ? 'person' : 'list'}>
      <TopBar login={login} people={people} onSignOut={onSignOut} />
      <ServerBanner startedAt={startedAt} keeps={keeps} />
      <PeopleList login={login} people={people} selected={selected} />
      <PersonPane key={person?.id ?? ''} login={login} person={person ?? login.person} />
      <Hints />
    </div>
  );
};
