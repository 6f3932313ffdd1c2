import { useEffect, useMemo, useState, type RefCallback } from 'react';
import type { UserPresence } from '@presence/client';
import { whileOnScreen } from '../on-screen.ts';
import { usePresenceClient } from './use-presence-client.ts';
import { userSource } from './use-presence.ts';
import { itself, useSelected } from './use-selected.ts';

/**
 * One user of a long list, watched only while their row is on screen or about to be (within 200 pixels): a list of ten thousand
 * costs what is seen of it.
 *
 * @returns a `ref` for the row's element, and the user as last known: `unknown` until it first came into view
 */
export const useVisiblePresence = <Row extends Element = HTMLElement>(
  userId: string,
): readonly [ref: RefCallback<Row>, presence: UserPresence] => {
  const client = usePresenceClient();
  const [row, setRow] = useState<Row | null>(null);
  const source = useMemo(
    () => userSource(client, userId, (listener) => client.subscribeUser(userId, listener)),
    [client, userId],
  );
  useEffect(
    () => (row ? whileOnScreen(row, () => client.watch([userId])) : undefined),
    [client, userId, row],
  );
  return [setRow, useSelected(source, itself)];
};
