import {
  apply,
  nextChangeAt,
  WRITE_VALID_MS,
  type Key,
  type Policy,
  type PresenceRecord,
  type Session,
} from '@presence/core';
import { chain, type Soon } from '../soon.ts';
import type { BeatCalls } from './beat-calls.ts';
import { refusal } from './refusal.ts';
import type { LoadedAt } from './store-calls.ts';
import type { Beat, Beaten, Engine, Executed, Standing } from './types.ts';

interface Parts {
  readonly calls: BeatCalls;
  readonly execute: Engine['execute'];
  policyOf(tenant: string): Policy;
}

const standingOf = (
  record: PresenceRecord,
  { lease: id, seq }: Session,
  { leases }: Executed,
  forMs: number,
  policy: Policy,
): Standing => ({
  renewal: [{ id, forMs, revision: record.revision }],
  // That this lease lives is seen at each renewal.
  until: nextChangeAt(record, new Map(leases).set(id, Infinity), policy),
  seq,
});

/** A heartbeat: a renewal by id for as long as core finds nothing to commit. */
export const createBeat = ({ calls, execute, policyOf }: Parts): Pick<Engine, 'beat' | 'again'> => {
  const renewed = (current: Executed, { seq, forMs }: Beat): Soon<Beaten> => {
    const { key, record, session, at } = current;
    const isOlder = seq !== null && session !== null && seq <= session.seq;
    if (session === null || record === null || isOlder) return { ...current, standing: null };
    const lease = { id: session.lease, forMs };
    return chain(calls.renew({ lease, validUntil: at + WRITE_VALID_MS }), (lives) => {
      if (!lives) throw refusal('session_gone');
      const policy = policyOf(key.tenant);
      const standing = calls.again ? standingOf(record, session, current, forMs, policy) : null;
      return { ...current, standing };
    });
  };

  const judged = (key: Key, command: Beat, { at, loaded }: LoadedAt): Soon<Beaten> => {
    const applied = apply(loaded, command, at, policyOf(key.tenant));
    if (!applied.ok) throw refusal(applied.code);
    const { record, leases, session, write } = applied;
    return write === null
      ? renewed({ key, at, record, leases, session, written: false }, command)
      : chain(execute(key, command), (executed) => ({ ...executed, standing: null }));
  };

  return {
    beat: (key, command) => chain(calls.load(key), (loaded) => judged(key, command, loaded)),
    again: (standing) => calls.again?.(standing) ?? null,
  };
};
