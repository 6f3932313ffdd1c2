import { createContext, use } from 'react';
import type { Channel, Member, Workspace } from './api.ts';
import type { Route } from './route.ts';

/** The workspace of this page, with what is asked of it often. */
export interface Here extends Workspace {
  /** Below this organisation's path: `path('people', 'ada')`. */
  path(page: string, about?: string): string;
  memberOf(id: string): Member;
  /** The channel that a page shows; without a page it is the first. */
  openChannel(route: Route): Channel | undefined;
  /** Everybody, in the order of the alphabet. */
  readonly byName: readonly Member[];
}

const unknownMember = (id: string): Member => ({
  id,
  name: id,
  title: '',
  place: '',
  hue: 0,
  isPlayed: false,
});

/** Made once: comparing ten thousand names with a new one each time takes a second. */
const alphabet = new Intl.Collator('en');

export const createHere = (workspace: Workspace): Here => {
  const { organisation } = workspace;
  const members = new Map(organisation.members.map((member) => [member.id, member]));
  const channels = new Map(organisation.channels.map((channel) => [channel.id, channel]));
  return {
    ...workspace,
    path: (page, about) =>
      `/${[organisation.id, page, about && encodeURIComponent(about)].filter(Boolean).join('/')}`,
    memberOf: (id) => members.get(id) ?? unknownMember(id),
    openChannel: ({ page, about }) =>
      page === '' || page === 'channels'
        ? (channels.get(about) ?? organisation.channels[0])
        : undefined,
    byName: organisation.members.toSorted((a, b) => alphabet.compare(a.name, b.name)),
  };
};

export const HereContext = createContext<Here | null>(null);

/** Below the sign-in only. */
export const useHere = (): Here => {
  const here = use(HereContext);
  if (!here) throw new Error('Nobody is signed in.');
  return here;
};
