import type { ErrorCode } from '../errors.ts';
import type { Instant, Lease, Leases } from '../lease.ts';
import type { Policy } from '../policy.ts';
import type { Cause, Key, PresenceRecord, Session } from '../record.ts';
import type { Login } from '../commands.ts';
import { isBlocked } from '../status.ts';

/** What a command is judged by. `record` is settled up to `at`. */
export interface Context {
  readonly key: Key;
  readonly record: PresenceRecord;
  readonly leases: Leases;
  readonly at: Instant;
  readonly policy: Policy;
}

/** A command that changes facts, or only extends a lease when `cause` is `null`. */
export interface Change {
  readonly facts: Partial<
    Pick<
      PresenceRecord,
      'sessions' | 'claims' | 'visibility' | 'account' | 'signedOutAt' | 'activeAt' | 'spent'
    >
  >;
  readonly cause: Cause;
  readonly grant?: readonly Lease[];
  /** The session that the command was about, as it is afterwards. */
  readonly session?: Session;
}

/** `same`: nothing to write, and that is the answer. */
export type Outcome =
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'same'; readonly session?: Session }
  | { readonly kind: 'refused'; readonly code: ErrorCode };

export const changed = (change: Change): Outcome => ({ kind: 'change', change });
export const same = (session?: Session): Outcome =>
  session ? { kind: 'same', session } : { kind: 'same' };
export const refused = (code: ErrorCode): Outcome => ({ kind: 'refused', code });

/** The gate that every command with a login passes: blocked accounts and old logins write nothing. */
export const refusedLogin = (record: PresenceRecord, login: Login): ErrorCode | null => {
  if (isBlocked(record.account)) return 'account_blocked';
  if (
    login.issuedAt !== undefined &&
    record.signedOutAt !== null &&
    login.issuedAt < record.signedOutAt
  ) {
    return 'signed_out';
  }
  return null;
};

export const sessionOf = (record: PresenceRecord, id: string): Session | undefined =>
  record.sessions.find((session) => session.id === id);

export const replaceSession = (
  sessions: readonly Session[],
  changedSession: Session,
): readonly Session[] =>
  sessions.map((session) => (session.id === changedSession.id ? changedSession : session));

export const later = (a: Instant | null, b: Instant): Instant => (a === null || b > a ? b : a);
