import { useEffect, useMemo, type ReactNode } from 'react';
import type { PresenceClient } from '@presence/client';
import { holdClient } from './client-lifetime.ts';
import { useUnchanged } from './hooks/use-selected.ts';
import { PresenceContext } from './presence-context.ts';
import { systemClock } from './system-clock.ts';
import type { PresenceTexts } from './texts.ts';
import type { PresenceClock } from './ticker.ts';

export interface PresenceProviderProps {
  /** From `createPresenceClient`. Make it outside of the component, or keep it in state. */
  readonly client: PresenceClient;
  /** Replaces some or all of the English texts; `locale` goes with them. */
  readonly texts?: Partial<PresenceTexts> | undefined;
  readonly children?: ReactNode;
  readonly testing?: { readonly clock?: PresenceClock } | undefined;
}

/**
 * Gives presence to everything below it. Starts the client when it mounts and stops it when it
 * unmounts; of several providers of one client, the last one stops it.
 */
export const PresenceProvider = ({
  client,
  texts,
  children,
  testing,
}: PresenceProviderProps): ReactNode => {
  useEffect(() => holdClient(client), [client]);
  const own = useUnchanged(texts);
  const clock = testing?.clock ?? systemClock;
  const value = useMemo(() => ({ client, clock, texts: own }), [client, clock, own]);
  return <PresenceContext.Provider value={value}>{children}</PresenceContext.Provider>;
};
