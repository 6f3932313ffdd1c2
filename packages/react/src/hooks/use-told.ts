import { useMemo } from 'react';
import type { PresenceClient, PresenceClientEvents } from '@presence/client';
import { usePresenceClient } from './use-presence-client.ts';
import { itself, useSelected } from './use-selected.ts';

/** A part of the client that needs no watch, and has an event that tells when it changed. */
export interface Told<Value> {
  readonly event: keyof PresenceClientEvents;
  readonly read: (client: PresenceClient) => Value;
  readonly onServer: Value;
}

/** @param told the same object at each render */
export const useTold = <Value>(told: Told<Value>): Value => {
  const client = usePresenceClient();
  const source = useMemo(
    () => ({
      subscribe: (listener: () => void) => client.on(told.event, listener),
      read: () => told.read(client),
      onServer: told.onServer,
    }),
    [client, told],
  );
  return useSelected(source, itself);
};
