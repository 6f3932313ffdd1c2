import type { Message } from '@presence/example-shared/messages.ts';
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

interface Refused {
  readonly error?: { readonly message?: string };
}

/** What the server says of a refusal, in its words. */
const reasonOf = async (response: Response): Promise<string> => {
  const { error } = (await response.json().catch(() => ({}))) as Refused;
  return error?.message ?? `The server answered ${response.status}.`;
};

const asked = async (path: string, init?: RequestInit): Promise<Response> => {
  const response = await fetch(path, init).catch(() => {
    throw new Error('The server cannot be reached.');
  });
  if (!response.ok && response.status !== 401) throw new Error(await reasonOf(response));
  return response;
};

const posted = (path: string, body: object): Promise<Response> =>
  asked(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });

export const loadDoors = async (): Promise<readonly Door[]> =>
  (await (await asked('/api/organisations')).json()) as readonly Door[];

/** `null`: nobody is signed in to it here. */
export const loadWorkspace = async (organisation: string): Promise<Workspace | null> => {
  const response = await asked(`/${organisation}/api/workspace`);
  return response.status === 401 ? null : ((await response.json()) as Workspace);
};

export const signIn = async (organisation: string, userId: string): Promise<void> => {
  await posted(`/${organisation}/api/sign-in`, { userId });
};

export const signOut = async (organisation: string): Promise<void> => {
  await asked(`/${organisation}/api/sign-out`, { method: 'POST' });
};

const messagesPath = (organisation: string, channel: string): string =>
  `/${organisation}/api/channels/${encodeURIComponent(channel)}/messages`;

/** The last messages of a channel, oldest first. */
export const loadMessages = async (
  organisation: string,
  channel: string,
): Promise<readonly Message[]> => {
  const response = await asked(messagesPath(organisation, channel));
  if (response.status === 401) throw new Error('Sign in first.');
  return ((await response.json()) as { readonly messages: readonly Message[] }).messages;
};

/** @throws Error that says what is wrong with it */
export const sendMessage = async (
  organisation: string,
  channel: string,
  text: string,
): Promise<void> => {
  const { status } = await posted(messagesPath(organisation, channel), { text });
  if (status === 401) throw new Error('Sign in first.');
};
