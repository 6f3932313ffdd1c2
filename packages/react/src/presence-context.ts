import { createContext, useContext, useMemo } from 'react';
import { PresenceError } from '@presence/core';
import type { PresenceClient } from '@presence/client';
import { ENGLISH, type PresenceTexts } from './texts.ts';
import type { PresenceClock } from './ticker.ts';

export interface PresenceContextValue {
  readonly client: PresenceClient;
  /** What the application says instead of the English texts, which only components load. */
  readonly texts: Partial<PresenceTexts> | undefined;
  readonly clock: PresenceClock;
}

export const PresenceContext = createContext<PresenceContextValue | null>(null);

export const usePresenceContext = (): PresenceContextValue => {
  const value = useContext(PresenceContext);
  if (value) return value;
  throw new PresenceError(
    'invalid_options',
    '[presence/react] There is no provider: a presence hook or component is used outside of one. ' +
      'Put <PresenceProvider client={client}> around it.',
  );
};

/** The texts of the provider over the English ones, and those of one component over them. */
export const useTexts = (own?: Partial<PresenceTexts>): PresenceTexts => {
  const { texts } = usePresenceContext();
  return useMemo(() => (texts || own ? { ...ENGLISH, ...texts, ...own } : ENGLISH), [texts, own]);
};
