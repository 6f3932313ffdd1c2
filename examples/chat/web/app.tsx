import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { join, keepLogin, keptLogin, loadHouse, type House as Told, type Login } from './api.ts';
import { Door } from './door.tsx';
import { House } from './house.tsx';

export const App = (): ReactNode => {
  const [login, setLogin] = useState(keptLogin);
  const [told, setTold] = useState<Told | null>(null);

  const change = useCallback((next: Login | null): void => {
    keepLogin(next);
    setTold(null);
    setLogin(next);
  }, []);

  useEffect(() => {
    if (!login) return;
    let isCurrent = true;
    loadHouse(login).then(
      (house) => isCurrent && setTold(house),
      // A login of another run of the server.
      () => isCurrent && change(null),
    );
    return () => {
      isCurrent = false;
    };
  }, [login, change]);

  if (!login) return <Door onEnter={async (name) => change(await join(name))} />;
  if (!told) return <div className="splash" aria-busy="true" />;
  return <House key={login.person.id} login={login} told={told} onLeave={() => change(null)} />;
};
