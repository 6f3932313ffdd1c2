import { createPresenceClient } from '@presence/client';
import { PresenceProvider, useConnection } from '@presence/react';
import { useMemo, type CSSProperties, type ReactNode } from 'react';
import { signOut, type Workspace } from '../api.ts';
import { LeaveIcon } from '../icons.tsx';
import { ChannelPage } from '../pages/channel-page.tsx';
import { DirectoryPage } from '../pages/directory-page.tsx';
import { ProfilePage } from '../pages/profile-page.tsx';
import { ProjectPage } from '../pages/project-page.tsx';
import { useRoute } from '../route.ts';
import { createHere, HereContext, useHere } from '../workspace-context.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { Rail } from './rail.tsx';
import { Sidebar } from './sidebar.tsx';
import { Talking } from './talking.tsx';

interface ShellProps {
  readonly workspace: Workspace;
  readonly onSignedOut: () => void;
}

/**
 * Everything behind one sign-in. The provider starts the client and stops it on leaving; the path of the organisation is
 * part of its address, so that tabs of another organisation share nothing with it.
 */
export const Shell = ({ workspace, onSignedOut }: ShellProps): ReactNode => {
  const here = useMemo(() => createHere(workspace), [workspace]);
  const { me, organisation } = here;
  const client = useMemo(
    () =>
      createPresenceClient({ url: `/${organisation.id}/presence`, userId: me.id, device: 'web' }),
    [organisation.id, me.id],
  );

  const leave = async (): Promise<void> => {
    await client.signOut();
    // Signed out here, whatever the server says; an unreachable one cannot keep anybody in.
    await signOut(organisation.id).catch(() => undefined);
    onSignedOut();
  };

  return (
    <HereContext value={here}>
      <PresenceProvider client={client}>
        <Standing onSignedOut={onSignedOut} onSignOut={() => void leave()} />
      </PresenceProvider>
    </HereContext>
  );
};

interface StandingProps extends Pick<ShellProps, 'onSignedOut'> {
  readonly onSignOut: () => void;
}

/** Who was signed out in another tab is told so, and sees nothing that is no longer true. */
const Standing = ({ onSignedOut, onSignOut }: StandingProps): ReactNode => {
  const { status, error } = useConnection();
  if (status === 'stopped' && error) return <Ended onSignedOut={onSignedOut} />;
  return (
    <Talking>
      <Inside onSignOut={onSignOut} />
    </Talking>
  );
};

const Ended = ({ onSignedOut }: Pick<ShellProps, 'onSignedOut'>): ReactNode => (
  <main className="door" role="alert">
    <div className="door-card">
      <LeaveIcon />
      <h1>You were signed out</h1>
      <p className="lead">In another tab, or because your sign-in ended. You are offline here.</p>
      <button type="button" className="button" onClick={onSignedOut}>
        Sign in again
      </button>
    </div>
  </main>
);

const Inside = ({ onSignOut }: Pick<StandingProps, 'onSignOut'>): ReactNode => {
  const { organisation } = useHere();
  const { page } = useRoute();
  return (
    <div
      className="shell"
      data-view={page === '' ? 'list' : 'page'}
      style={{ '--hue': organisation.hue } as CSSProperties}
    >
      <Rail />
      <Sidebar onSignOut={onSignOut} />
      <div className="stage">
        <ConnectionBanner />
        <Page />
      </div>
    </div>
  );
};

const Page = (): ReactNode => {
  const { openChannel, me } = useHere();
  const route = useRoute();
  const { page, about } = route;
  if (page === 'directory') return <DirectoryPage />;
  if (page === 'project') return <ProjectPage />;
  if (page === 'people') return <ProfilePage key={about} userId={about || me.id} />;
  const channel = openChannel(route);
  return channel ? <ChannelPage key={channel.id} channel={channel} /> : null;
};
