import type { Command } from '../commands.ts';
import type { ErrorCode } from '../errors.ts';
import type { Instant, Leases } from '../lease.ts';
import type { Policy } from '../policy.ts';
import { emptyRecord, type Loaded, type PresenceRecord, type Session } from '../record.ts';
import { isDeclaring } from '../declared-facts.ts';
import { settle, type Settled } from '../settle.ts';
import { transition, withoutSteps } from '../views.ts';
import type { Write } from '../write.ts';
import { same, type Change, type Context, type Outcome } from './context.ts';
import { releaseClaim, setAccount, setClaim, setVisibility } from './declared.ts';
import { joinRoom, leaveRoom } from './rooms.ts';
import { activity, beat, leave, open, reattach, signOut, touch } from './sessions.ts';
import { heldLeases, writeOf } from './write-of.ts';

/** What became of a command. */
export type Applied =
  | {
      readonly ok: true;
      /** As it is for everybody from `at` on, written or not. */
      readonly record: PresenceRecord | null;
      readonly leases: Leases;
      /** `null`: there is nothing to commit. */
      readonly write: Write | null;
      /** The session that the command was about, if it lives. */
      readonly session: Session | null;
    }
  | { readonly ok: false; readonly code: ErrorCode; readonly record: PresenceRecord | null };

const dispatch = (command: Command, context: Context): Outcome => {
  switch (command.type) {
    case 'open':
      return open(command, context);
    case 'beat':
      return beat(command, context);
    case 'activity':
      return activity(command, context);
    case 'leave':
      return leave(command, context);
    case 'join-room':
      return joinRoom(command, context);
    case 'leave-room':
      return leaveRoom(command, context);
    case 'reattach':
      return reattach(command, context);
    case 'touch':
      return touch(command, context);
    case 'claim':
      return setClaim(command, context);
    case 'release':
      return releaseClaim(command, context);
    case 'visibility':
      return setVisibility(command, context);
    case 'account':
      return setAccount(command, context);
    case 'sign-out':
      return signOut(command, context);
    case 'settle':
    case 'forget':
    case 'erase-history':
      return same();
  }
};

interface Base {
  readonly loaded: Loaded;
  readonly settled: Settled;
  readonly at: Instant;
  readonly policy: Policy;
}

const committed = ({ loaded, settled, at, policy }: Base, change: Change): Applied => {
  const before = settled.record ?? vanished(loaded);
  const { record, step } = transition(
    before,
    { ...before, ...change.facts },
    at,
    change.cause,
    policy,
  );
  const grant = change.grant ?? [];
  const leases = heldLeases({ leases: loaded.leases, at, policy }, record, grant);
  const steps = step ? [...settled.steps, step] : settled.steps;
  const write = writeOf({
    loaded,
    settled: settled.record,
    record,
    leases,
    grant,
    steps,
    at,
    policy,
  });
  const told: Write = isDeclaring(before, record) ? { ...write, isDeclared: true } : write;
  return { ok: true, record, leases, write: told, session: change.session ?? null };
};

/** A record that time deleted leaves its revision: numbers never go back. */
const vanished = (loaded: Loaded): PresenceRecord => ({
  ...emptyRecord(loaded.key.userId),
  revision: loaded.record?.revision ?? 0,
});

const unchanged = (
  base: Base,
  outcome: { readonly session?: Session },
  write: Write | null,
): Applied => ({
  ok: true,
  record: base.settled.record,
  leases: base.loaded.leases,
  write,
  session: outcome.session ?? null,
});

const settledWrite = ({ loaded, settled, at, policy }: Base): Write | null => {
  if (settled.record === loaded.record) return null;
  const { record, steps } = settled;
  const { leases } = loaded;
  return writeOf({ loaded, settled: record, record, leases, grant: [], steps, at, policy });
};

const forgotten = (base: Base): Applied => {
  const { loaded, settled, at, policy } = base;
  if (loaded.record === null) return unchanged(base, {}, null);
  const parts = { loaded, settled: settled.record, record: null, leases: loaded.leases };
  const write: Write = {
    ...writeOf({ ...parts, grant: [], steps: settled.steps, at, policy }),
    isDeclared: true,
  };
  return { ok: true, record: null, leases: loaded.leases, write, session: null };
};

const historyErased = (base: Base): Applied => {
  const { loaded, settled, at, policy } = base;
  if (settled.record === null) return unchanged(base, {}, settledWrite(base));
  const record = withoutSteps(settled.record, at);
  const { leases } = loaded;
  const { steps } = settled;
  const parts = { loaded, settled: settled.record, record, leases, steps };
  const write = writeOf({ ...parts, grant: [], at, policy });
  return { ok: true, record, leases, write, session: null };
};

/** Whether the sender meant the record as it is now. */
const isAsSeen = (command: Command, record: PresenceRecord | null): boolean =>
  !('ifRevision' in command) ||
  command.ifRevision === undefined ||
  command.ifRevision === (record?.revision ?? 0);

/**
 * Applies one command to what a store loaded: settles it, judges the command, brings the views up
 * to date and says what the store has to make true. Pure; safe to repeat on a fresh load.
 *
 * @param loaded one user as the store gave it
 * @param at the instant of that load, on the store's clock
 */
export const apply = (loaded: Loaded, command: Command, at: Instant, policy: Policy): Applied => {
  const settled = settle(loaded.record, loaded.leases, at, policy);
  const base: Base = { loaded, settled, at, policy };
  if (command.type === 'forget') return forgotten(base);
  if (command.type === 'erase-history') return historyErased(base);
  if (command.type === 'settle') return unchanged(base, {}, settledWrite(base));
  if (!isAsSeen(command, settled.record)) {
    return { ok: false, code: 'precondition_failed', record: settled.record };
  }
  const record = settled.record ?? vanished(loaded);
  const outcome = dispatch(command, { key: loaded.key, record, leases: loaded.leases, at, policy });
  if (outcome.kind === 'refused') return { ok: false, code: outcome.code, record: settled.record };
  if (outcome.kind === 'same') return unchanged(base, outcome, null);
  return committed(base, outcome.change);
};
