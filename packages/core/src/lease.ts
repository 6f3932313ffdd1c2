/** Milliseconds since the epoch on the store's clock. */
export type Instant = number;

/**
 * Permission to count as present until an instant that the store keeps. Built here, opaque to
 * stores but for {@link isSharedLease}.
 */
export type LeaseId = string;

/** The expiry of each lease, as one load of the store saw them. A missing lease has ended. */
export type Leases = ReadonlyMap<LeaseId, Instant>;

/** A lease to create or extend. A duration: the store adds its own clock. */
export interface Lease {
  readonly id: LeaseId;
  readonly forMs: number;
  /** Only shared leases, and only in `renew`, come into being this way. */
  readonly create?: true;
  /** Of the one record that holds it: only while the record has this revision, and only in `renew`. */
  readonly revision?: number;
}

const SHARED = 'n:';

/**
 * The lease of one HTTP session. The generation is part of it, so that a late beat of a previous
 * connection renews nothing.
 */
export const ownLease = (sessionId: string, generation: number): LeaseId =>
  `o:${sessionId}:${generation}`;

/**
 * The lease of one server node, on which all sessions hang whose sockets it holds. A node that
 * lost its lease takes the next incarnation: a lease that ended is never renewed.
 */
export const nodeLease = (nodeId: string, incarnation: number): LeaseId =>
  `${SHARED}${nodeId}:${incarnation}`;

/** Whether a lease is a node’s, on which many sessions hang, and not one session’s own. */
export const isSharedLease = (id: LeaseId): boolean => id.startsWith(SHARED);

/** A lease counts while its expiry lies ahead; at its expiry it has ended. */
export const isLive = (expiresAt: Instant | undefined, at: Instant): boolean =>
  expiresAt !== undefined && expiresAt > at;
