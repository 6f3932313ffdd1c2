import { PresenceError } from '@presence/core';
import type { Node } from '../context.ts';

/** A node that stops begins nothing new. */
export const draining = (): PresenceError =>
  new PresenceError('draining', 'This server is stopping. Try again: another one answers.');

/** @throws PresenceError `draining` */
export const refuseWhileDraining = (node: Pick<Node, 'isDraining'>): void => {
  if (node.isDraining()) throw draining();
};
