import { useEffect, useState, type ReactNode } from 'react';
import { loadWorkspace, type Workspace } from './api.ts';
import { DoorPage } from './door/door-page.tsx';
import { forget, remember } from './remembered.ts';
import { goTo, useRoute } from './route.ts';
import { Shell } from './shell/shell.tsx';

interface Loaded {
  readonly of: string;
  /** `null`: nobody is signed in to it. */
  readonly workspace: Workspace | null;
  readonly problem: string | null;
}

const load = async (organisation: string): Promise<Loaded> => {
  try {
    const workspace = await loadWorkspace(organisation);
    if (workspace) remember(organisation);
    else forget(organisation);
    return { of: organisation, workspace, problem: null };
  } catch (error) {
    return { of: organisation, workspace: null, problem: (error as Error).message };
  }
};

/** The workspace of an organisation; `null` until the server said who is asking. */
const useWorkspace = (organisation: string): [Loaded | null, (next: Loaded | null) => void] => {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const isCurrent = loaded?.of === organisation;
  useEffect(() => {
    if (organisation === '' || isCurrent) return undefined;
    let isWanted = true;
    const show = async (): Promise<void> => {
      const next = await load(organisation);
      if (isWanted) setLoaded(next);
    };
    void show();
    return () => {
      isWanted = false;
    };
  }, [organisation, isCurrent]);
  return [isCurrent ? loaded : null, setLoaded];
};

export const App = (): ReactNode => {
  const { organisation } = useRoute();
  const [loaded, setLoaded] = useWorkspace(organisation);
  if (organisation !== '' && !loaded) return <div className="splash" aria-busy="true" />;
  if (loaded?.workspace) {
    return (
      <Shell
        key={organisation}
        workspace={loaded.workspace}
        onSignedOut={() => {
          forget(organisation);
          setLoaded(null);
          goTo('/');
        }}
      />
    );
  }
  return (
    <DoorPage
      chosen={organisation}
      problem={loaded?.problem ?? null}
      onSignedIn={(id) => {
        setLoaded(null);
        goTo(`/${id}`);
      }}
    />
  );
};
