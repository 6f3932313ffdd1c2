import type { Person } from '../people.ts';
import type { Room } from '../rooms.ts';

export type { Person, Room };

/** Somebody who came in, in this window. */
export interface Login {
  readonly person: Person;
  readonly token: string;
}

export interface House {
  readonly rooms: readonly Room[];
  readonly people: readonly Person[];
}

const answerOf = async <Answer>(response: Response): Promise<Answer> => {
  const answer = (await response.json()) as Answer & { readonly error?: string };
  if (!response.ok) throw new Error(answer.error ?? `The server answered ${response.status}.`);
  return answer;
};

export const join = async (name: string): Promise<Login> =>
  answerOf(
    await fetch('/api/join', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name }),
    }),
  );

/** The platform's `fetch` with the login's token; presence takes it too. */
export const fetchAs =
  ({ token }: Login): typeof fetch =>
  (input, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set('Authorization', `Bearer ${token}`);
    return fetch(input, { ...init, headers });
  };

export const loadHouse = async (login: Login): Promise<House> =>
  answerOf(await fetchAs(login)('/api/house'));

const KEPT = 'porchlight';

/** A window keeps its person through reloads; another window is somebody else. */
export const keptLogin = (): Login | null =>
  JSON.parse(sessionStorage.getItem(KEPT) ?? 'null') as Login | null;

export const keepLogin = (login: Login | null): void => {
  if (login) sessionStorage.setItem(KEPT, JSON.stringify(login));
  else sessionStorage.removeItem(KEPT);
};
