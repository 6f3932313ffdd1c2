import type { Beat, Leave, Open, SetClaim } from '../commands.ts';
import type { LeaseId } from '../lease.ts';
import { DEFAULT_POLICY } from '../policy.ts';

/** An HTTP session's opening beat. */
export const openHttp = (sessionId: string, more: Partial<Open> = {}): Open => ({
  type: 'open',
  sessionId,
  resume: false,
  lease: { ownForMs: DEFAULT_POLICY.leaseMs },
  device: null,
  idleMs: null,
  ...more,
});

/** A socket's `hello`. */
export const openSocket = (sessionId: string, lease: LeaseId, more: Partial<Open> = {}): Open => ({
  ...openHttp(sessionId, more),
  lease: { shared: lease },
});

/** A beat of an HTTP session. */
export const beatOf = (sessionId: string, seq: number | null, more: Partial<Beat> = {}): Beat => ({
  type: 'beat',
  sessionId,
  seq,
  idleMs: null,
  forMs: DEFAULT_POLICY.leaseMs,
  ...more,
});

/** A session is gone at once. */
export const leaveOf = (sessionId: string, more: Partial<Leave> = {}): Leave => ({
  type: 'leave',
  sessionId,
  generation: null,
  graceMs: 0,
  cause: 'page-closed',
  ...more,
});

/** The user's own claim. */
export const claimOf = (
  status: SetClaim['status'],
  more: Partial<Omit<SetClaim, 'type' | 'status'>> = {},
): SetClaim => ({ type: 'claim', source: 'user', status, ...more });
