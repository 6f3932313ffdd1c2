import { PresenceError } from '@presence/core';
import type { Node } from './context.ts';

/** What attachments of a presence need of its node, and applications do not. */
export type Inside = Pick<Node, 'options' | 'tally' | 'webhooks'>;

const insides = new WeakMap<object, Inside>();

export const keepInside = (presence: object, inside: Inside): void =>
  void insides.set(presence, inside);

/** @throws PresenceError `invalid_options` for what `createPresence` did not make */
export const insideOf = (presence: object): Inside => {
  const inside = insides.get(presence);
  if (inside) return inside;
  throw new PresenceError(
    'invalid_options',
    '[presence/options] This is no presence: pass what createPresence gave.',
  );
};
