import { createPresenceClient, type PresenceClient } from '@presence/client';
import { PresenceProvider } from '@presence/react';
import { useState, type ReactNode } from 'react';
import { signOut, type Login, type Person } from './api.ts';
import { Hints } from './hints.tsx';
import { PeopleList } from './people-list.tsx';
import { PersonPane } from './person-pane.tsx';
import { Stopped } from './stopped.tsx';
import { TopBar } from './top-bar.tsx';
import { goTo, useSelectedUser } from './use-path.ts';

interface WorkspaceProps {
  readonly login: Login;
  readonly people: readonly Person[];
}

const clientOf = ({ person, fetch }: Login): PresenceClient =>
  createPresenceClient({ url: '/presence', userId: person.id, fetch, device: 'web' });

/** Everything behind the login. The provider starts the client, and stops it on leaving. */
export const Workspace = ({ login, people }: WorkspaceProps): ReactNode => {
  const [client] = useState(() => clientOf(login));
  const selected = useSelectedUser();
  const person = people.find(({ id }) => id === selected);

  const leave = async (): Promise<void> => {
    await client.signOut();
    // Signed out here, whatever the server says; an unreachable one cannot keep anybody in.
    await signOut(login).catch(() => undefined);
    goTo('/');
  };

  return (
    <PresenceProvider client={client}>
      <title>{`${login.person.name} · Juniper`}</title>
      <div className="shell" data-view={person ? 'person' : 'list'}>
        <TopBar login={login} people={people} onSignOut={() => void leave()} />
        <Stopped login={login} />
        <PeopleList login={login} people={people} selected={selected} />
        <PersonPane key={person?.id ?? ''} login={login} person={person ?? login.person} />
        <Hints />
      </div>
    </PresenceProvider>
  );
};
