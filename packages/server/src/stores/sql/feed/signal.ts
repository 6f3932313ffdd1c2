import type { PresenceStore } from '../../store.ts';
import type { Parts } from '../parts.ts';
import { readMeta, type Ready } from '../ready.ts';
import { appendToFeed, NOBODY } from './append.ts';
import { encodeSignal } from './messages.ts';

/** A message that nobody keeps for longer than the feed. */
export const createSignal = (
  parts: Parts,
  ready: Ready,
  onSignal: () => void,
): PresenceStore['signal'] => {
  const { db, dialect, texts, attempts } = parts;
  return async (tenant, message) => {
    await attempts(async () => {
      const { at } = await ready.ask(() => readMeta(parts, db));
      const rows = [[NOBODY, 0, at, encodeSignal(message)]];
      await dialect.transaction(db, (tx) =>
        appendToFeed(parts, tx, new Map([[texts.in(tenant), rows]])),
      );
    });
    onSignal();
  };
};
