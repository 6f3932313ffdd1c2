import { useEffect, useState, type ReactNode } from 'react';
import { loadRefreshMs, resume, type Session } from './api.ts';
import { RefreshContext } from './mode.ts';
import { goTo } from './route.ts';
import { SessionContext } from './session.ts';
import { Shell } from './shell.tsx';
import { SignIn } from './sign-in.tsx';

interface Start {
  readonly session: Session | null;
  readonly refreshMs: number;
}

const load = async (): Promise<Start> => {
  const [session, refreshMs] = await Promise.all([resume(), loadRefreshMs()]);
  return { session, refreshMs };
};

/** Asked once, also where React runs effects twice. */
let starting: Promise<Start> | null = null;

export const App = (): ReactNode => {
  const [start, setStart] = useState<Start | null>(null);
  const [notice, setNotice] = useState<string | null>(null);

  useEffect(() => {
    (starting ??= load()).then(setStart, (error: Error) => {
      setStart({ session: null, refreshMs: 10_000 });
      setNotice(error.message);
    });
  }, []);

  if (!start) return <div className="splash" aria-busy="true" />;
  const { session, refreshMs } = start;
  if (!session) {
    return (
      <SignIn
        notice={notice}
        onSignedIn={(signedIn) => setStart({ ...start, session: signedIn })}
      />
    );
  }
  return (
    <RefreshContext value={refreshMs}>
      <SessionContext value={session}>
        <Shell
          key={session.user.id}
          onSignedOut={(why) => {
            setNotice(why);
            setStart({ ...start, session: null });
            goTo('/');
          }}
        />
      </SessionContext>
    </RefreshContext>
  );
};
