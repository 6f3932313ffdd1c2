import { useEffect, useState, type ReactNode } from 'react';
import { loadPeople, signIn, type Login, type Person } from './api.ts';
import { SignIn } from './sign-in.tsx';
import { goTo, pathOf, useWindowUser } from './use-path.ts';
import { Workspace } from './workspace.tsx';

/** The address says whose window this is: `/as/ada`. So windows keep their user through reloads. */
export const App = (): ReactNode => {
  const userId = useWindowUser();
  const [people, setPeople] = useState<readonly Person[]>([]);
  const [login, setLogin] = useState<Login | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  useEffect(() => {
    loadPeople().then(setPeople, (error: Error) => setProblem(error.message));
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
    return <SignIn people={people} problem={problem} onPick={(id) => goTo(pathOf(id))} />;
  }
  if (!login || people.length === 0) return <div className="splash" aria-busy="true" />;
  return <Workspace key={login.person.id} login={login} people={people} />;
};
