import type { Told } from '../explain-to.ts';
import type { Person } from '../team.ts';

export type { Person, Told };

/** Somebody who is signed in, in this window. */
export interface Login {
  readonly person: Person;
  /**
   * The platform's `fetch` with the login's token. Presence takes it too, so that its requests are
   * signed in like all others. The token lives in the memory of this window alone: a cookie would
   * sign in the whole browser, and you could not be two people side by side.
   */
  readonly fetch: typeof fetch;
  readonly token: string;
}

const checked = async (response: Response): Promise<Response> => {
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return response;
};

export interface Team {
  readonly people: readonly Person[];
  /** When the server began: another one is another process. */
  readonly startedAt: number;
  /** Whether a restart forgets nothing of what people said of themselves. */
  readonly keeps: boolean;
}

export const loadTeam = async (): Promise<Team> => {
  const response = await checked(await fetch('/api/people'));
  return (await response.json()) as Team;
};

/** The demo asks for no password: a name is enough. */
export const signIn = async (userId: string): Promise<Login> => {
  const response = await checked(
    await fetch('/api/sign-in', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ userId }),
    }),
  );
  const { person, token } = (await response.json()) as { person: Person; token: string };
  return {
    person,
    token,
    fetch: (input, init = {}) => {
      const headers = new Headers(init.headers);
      headers.set('Authorization', `Bearer ${token}`);
      return fetch(input, { ...init, headers });
    },
  };
};

export const signOut = async (login: Login): Promise<void> => {
  await login.fetch('/api/sign-out', { method: 'POST' });
};

export const explain = async (login: Login, userId: string, signal: AbortSignal): Promise<Told> => {
  const path = `/api/explain/${encodeURIComponent(userId)}`;
  const response = await checked(await login.fetch(path, { signal }));
  return (await response.json()) as Told;
};
