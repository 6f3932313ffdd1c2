import { createContext, use } from 'react';
import type { Session } from './api.ts';

export const SessionContext = createContext<Session | null>(null);

/** Below the login only. */
export const useSession = (): Session => {
  const session = use(SessionContext);
  if (!session) throw new Error('Nobody is signed in.');
  return session;
};
