import type { Instant } from '@presence/core';
import { PULSE_OLD_MS } from '../store.ts';
import { decodeAmnesties, type Amnesty } from './amnesty.ts';

/** What the store knows of itself, and its clock, as one statement read them. */
export interface Now {
  readonly at: Instant;
  readonly epoch: string;
  readonly pulseAt: Instant;
  /** Nobody wrote the pulse lately: the store was stopped. */
  readonly isOld: boolean;
  readonly amnesties: readonly Amnesty[];
  /** How many amnesties were ever granted: leases that are written now bear it. */
  readonly pardon: number;
}

export interface MetaRow {
  readonly epoch: string;
  readonly pulse_at: unknown;
  readonly pardon: unknown;
  readonly pardons: string;
  readonly now: unknown;
}

/** The clock does not go back, but for a step: then leases live longer rather than shorter. */
const forward = (now: Instant, pulseAt: Instant): Instant =>
  now < pulseAt && pulseAt - now <= PULSE_OLD_MS ? pulseAt : now;

export const nowOf = ({ epoch, pulse_at, pardon, pardons, now }: MetaRow): Now => {
  const pulseAt = Number(pulse_at);
  const at = forward(Number(now), pulseAt);
  return {
    at,
    epoch,
    pulseAt,
    isOld: at - pulseAt > PULSE_OLD_MS,
    amnesties: decodeAmnesties(pardons),
    pardon: Number(pardon),
  };
};
