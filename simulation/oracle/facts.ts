import type { Account, Status, Visibility } from '@presence/core';

/** An end that lies between two instants: certain before neither, certain after both. */
export interface Window {
  /** Before it, it certainly has not happened. */
  readonly from: number;
  /** At it and after, it certainly has. */
  readonly by: number;
}

/** A room that a session is in. */
interface KnownStay {
  /** What the session says of itself there, as JSON; `null`: nothing. */
  readonly meta: string | null;
  /** False: something that moved it was never answered, so it may be in the room or not. */
  readonly isSure: boolean;
}

/** Whether a user types in a room: of all their sessions, for others see one person. */
interface KnownTyping {
  /** When it was said last. */
  readonly saidAt: number;
  /** Before it, they may be shown as typing; at it and after, certainly not. */
  readonly until: number;
  /** Whether it was acknowledged: then others must be told. */
  readonly isSure: boolean;
}

/** What an outsider knows of one session, from what the server acknowledged. */
export interface KnownSession {
  readonly id: string;
  /** The socket that holds it, or held it last; `null` for HTTP. */
  socket: number | null;
  /** Counts openings: what a leave token is good for. */
  generation: number;
  /** Of HTTP: when its lease ends. */
  lease: Window | null;
  /** The end of a grace that runs. */
  leaving: Window | null;
  /** Nothing of its socket arrives, and the server does not know it yet. */
  silent: Window | null;
  /** Since when there was no input, as the client said; `null` while active. */
  idleSince: number | null;
  /** When the client said last that it is active. */
  activeAt: number;
  /**
   * The highest number of a beat that changed what is stored. A beat that only renewed a lease leaves
   * no trace, so one that comes again, or late, is taken for a new one.
   */
  seq: number;
  /** How long the server has stood still since {@link activeAt}. */
  stalledMs: number;
  /** They go on when it is resumed, and end with it. */
  readonly rooms: Map<string, KnownStay>;
}

export interface KnownClaim {
  readonly source: string;
  readonly status: Status;
  readonly message: string | null;
  readonly until: number | null;
  readonly priority: number;
  readonly setAt: number;
  readonly holdsAbsent: boolean;
}

/** What an outsider knows of one user. */
export interface KnownUser {
  readonly tenant: string;
  readonly userId: string;
  readonly sessions: Map<string, KnownSession>;
  readonly claims: Map<string, KnownClaim>;
  /** By room. */
  readonly typing: Map<string, KnownTyping>;
  visibility: Visibility;
  /** When the user last became visible. */
  shownAt: number;
  account: Account;
  /** Principals issued earlier are refused. */
  signedOutAt: number | null;
  /** A command of theirs was not answered before its socket went: it may count or not. */
  isUnsure: boolean;
  /** When an acknowledged command last changed anything. */
  touchedAt: number;
}

export const createKnownUser = (tenant: string, userId: string): KnownUser => ({
  tenant,
  userId,
  sessions: new Map(),
  claims: new Map(),
  typing: new Map(),
  visibility: 'visible',
  shownAt: 0,
  account: 'active',
  signedOutAt: null,
  isUnsure: false,
  touchedAt: 0,
});

/** The session of requests without a client, which yields to every real one. */
export const TOUCHED = 'touch';

export const NEVER = Infinity;

const ends = ({ lease, leaving, silent }: KnownSession): readonly Window[] =>
  [lease, leaving, silent].filter((window) => window !== null);

/** When the session ends if nobody acts. */
export const endOf = (session: KnownSession): Window => ({
  from: Math.min(NEVER, ...ends(session).map(({ from }) => from)),
  by: Math.min(NEVER, ...ends(session).map(({ by }) => by)),
});
