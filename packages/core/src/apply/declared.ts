import type { ReleaseClaim, SetAccount, SetClaim, SetVisibility } from '../commands.ts';
import { lastActive, priorityOf } from '../derive.ts';
import type { Claim } from '../record.ts';
import { isBlocked } from '../status.ts';
import { changed, refused, refusedLogin, same, type Context, type Outcome } from './context.ts';

const claimOf = (command: SetClaim, { at, record }: Context): Claim => ({
  source: command.source,
  status: command.status,
  priority: priorityOf(command.source),
  message: command.message ?? null,
  emoji: command.emoji ?? null,
  until: command.forMs === undefined ? (command.until ?? null) : at + command.forMs,
  // Never older than a claim that came before, whatever the store's clock did since.
  setAt: Math.max(at, ...record.claims.map(({ setAt }) => setAt)),
  holdsAbsent: command.source === 'admin' && command.holdsAbsent === true,
});

const isRepeat = (before: Claim | undefined, claim: Claim): boolean =>
  before !== undefined &&
  before.status === claim.status &&
  before.message === claim.message &&
  before.emoji === claim.emoji &&
  before.until === claim.until &&
  before.holdsAbsent === claim.holdsAbsent;

export const setClaim = (command: SetClaim, context: Context): Outcome => {
  const { record, at, policy } = context;
  // What the application or an admin says of a user does not depend on the user's login.
  const code = command.source === 'user' ? refusedLogin(record, command) : null;
  if (code) return refused(code);
  const claim = claimOf(command, context);
  // Not a number, or a fraction: the end becomes a revision, which must be whole and exact.
  if (claim.until !== null && !(Number.isSafeInteger(claim.until) && claim.until > at)) {
    return refused('invalid_request');
  }
  if (claim.status === 'offline' && command.source !== 'admin') return refused('invalid_request');
  const before = record.claims.find(({ source }) => source === claim.source);
  if (isRepeat(before, claim)) return same();
  const others = record.claims.filter(({ source }) => source !== claim.source);
  if (others.length >= policy.maxClaims) return refused('invalid_request');
  return changed({ facts: { claims: others.concat(claim) }, cause: 'claimed' });
};

export const releaseClaim = (command: ReleaseClaim, { record }: Context): Outcome => {
  const code = command.source === 'user' ? refusedLogin(record, command) : null;
  if (code) return refused(code);
  const claims = record.claims.filter(({ source }) => source !== command.source);
  return claims.length === record.claims.length
    ? same()
    : changed({ facts: { claims }, cause: 'released' });
};

export const setVisibility = (command: SetVisibility, { record, at, policy }: Context): Outcome => {
  const code = refusedLogin(record, command);
  if (code) return refused(code);
  if (command.visibility === record.visibility) return same();
  if (command.visibility === 'hidden' && !policy.mayHide) return refused('forbidden');
  const { visibility } = command;
  if (visibility === 'visible') return changed({ facts: { visibility }, cause: visibility });
  // Others see someone who left: whoever is active was so until now, and never reads as less again.
  const activeAt = lastActive(record.activeAt, record.sessions, at);
  return changed({ facts: { visibility, activeAt }, cause: visibility });
};

export const setAccount = ({ account }: SetAccount, { record, at }: Context): Outcome => {
  if (account === record.account) return same();
  const ended = isBlocked(account)
    ? { sessions: [], activeAt: lastActive(record.activeAt, record.sessions, at) }
    : {};
  return changed({ facts: { account, ...ended }, cause: 'account' });
};
