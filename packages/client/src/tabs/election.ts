import type { Cancel } from '@presence/core';
import { holdLock, type Locks } from './lock.ts';

/** One lock decides which tab leads: this one as soon as it has it, until another takes it away. */
export interface Election {
  /** @param steal the tab that leads is silent: takes its place */
  stand(steal: boolean): void;
  /** Gives the lock back, or the place in its queue. */
  end(): void;
}

/**
 * @param follow another tab leads
 * @param standAlone locks cannot be had
 */
export const createElection = (
  locks: Locks,
  name: string,
  lead: () => void,
  follow: () => void,
  standAlone: () => void,
): Election => {
  let abdicate: Cancel = () => {};
  const stand = (steal: boolean): void => {
    abdicate();
    abdicate = holdLock(locks, name, steal, lead, (held) => {
      if (!held) return standAlone();
      follow();
      stand(false);
    });
  };
  return { stand, end: () => abdicate() };
};
