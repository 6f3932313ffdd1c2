import type { Channel, Member, Organisation, Task } from '../organisations.ts';

export type { Channel, Member, Task };

/** An organisation as its door shows it. */
export interface Door {
  readonly id: string;
  readonly name: string;
  readonly trade: string;
  readonly hue: number;
  /** Whom one can be in this demo. */
  readonly people: readonly Member[];
}

/** What somebody who is signed in knows of their organisation. */
export interface Workspace {
  readonly me: Member;
  readonly organisation: Organisation;
}

const asked = async (path: string, init?: RequestInit): Promise<Response> => {
  const response = await fetch(path, init);
  if (!response.ok && response.status !== 401) {
    throw new Error(`The server answered ${response.status}.`);
  }
  return response;
};

export const loadDoors = async (): Promise<readonly Door[]> =>
  (await (await asked('/api/organisations')).json()) as readonly Door[];

/** `null`: nobody is signed in to it here. */
export const loadWorkspace = async (organisation: string): Promise<Workspace | null> => {
  const response = await asked(`/${organisation}/api/workspace`);
  return response.status === 401 ? null : ((await response.json()) as Workspace);
};

export const signIn = async (organisation: string, userId: string): Promise<void> => {
  await asked(`/${organisation}/api/sign-in`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ userId }),
  });
};

export const signOut = async (organisation: string): Promise<void> => {
  await asked(`/${organisation}/api/sign-out`, { method: 'POST' });
};
