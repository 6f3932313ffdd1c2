import { useEffect, useState, type ReactNode } from 'react';
import { loadTeam, signIn, type Login, type Team } from './api.ts';
import { SignIn } from './sign-in.tsx';
import { goTo, pathOf, useWindowUser } from './use-path.ts';
import { Workspace } from './workspace.tsx';

/** The address says whose window this is: `/as/ada`. So windows keep their user through reloads. */
export const App = (): ReactNode => {
  const userId = useWindowUser();
  const [team, setTeam] = useState<Team | null>(null);
  const [login, setLogin] = useState<Login | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  useEffect(() => {
    loadTeam().then(setTeam, (error: Error) => setProblem(error.message));
  }, []);

  useEffect(() => {
    if (userId === null) return;
    let isCurrent = true;
    signIn(userId).then(
      (signedIn) => void (isCurrent && setLogin(signedIn)),
      () => {
        if (isCurrent) goTo('/');
      },
    );
    return () => {
      isCurrent = false;
      setLogin(null);
    };
  }, [userId]);

  if (userId === null) {
    return (
      <SignIn people={team?.people ?? []} problem={problem} onPick={(id) => goTo(pathOf(id))} />
    );
  }
  if (!login || !team) return <div className="splash" aria-busy="true" />;
  return <Workspace key={login.person.id} login={login} team={team} />;
};
