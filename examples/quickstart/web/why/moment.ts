import { useConnection } from '@presence/react';
import type { Told } from '../api.ts';
import { useNow } from '@presence/example-shared/web/use-now.ts';
import type { Explained } from './live-explanation.ts';

/** An answer, and the time it is now for whoever reads it. */
export interface Moment {
  readonly told: Told;
  /** On the server's clock; it stands still while the server does not answer. */
  readonly now: number;
  readonly isCurrent: boolean;
  /** How old the answer is. */
  readonly ageMs: number;
}

/** Runs on with each second, so that everything in the panel is of one instant. */
export const useMoment = ({ told, gotAt }: Explained): Moment => {
  const local = useNow();
  const isCurrent = useConnection().status === 'connected';
  // The second that has begun may be older than the answer.
  const ageMs = Math.max(0, local - gotAt);
  return { told, now: told.at + (isCurrent ? ageMs : 0), isCurrent, ageMs };
};
