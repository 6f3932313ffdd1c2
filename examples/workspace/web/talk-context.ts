import { createContext, use } from 'react';
import type { Talk } from '@presence/example-shared/web/use-talk.ts';

export const TalkContext = createContext<Talk | null>(null);

/** What is said in the open channel, and where else. Below the sign-in only. */
export const useTalkHere = (): Talk => {
  const talk = use(TalkContext);
  if (!talk) throw new Error('Nobody is signed in.');
  return talk;
};
