import { apply, type Applied } from '../apply/apply.ts';
import type { Command } from '../commands.ts';
import type { ErrorCode } from '../errors.ts';
import { isLive, isSharedLease, type Instant, type LeaseId } from '../lease.ts';
import { DEFAULT_POLICY, type Policy } from '../policy.ts';
import { project, type Presence, type Projection } from '../project.ts';
import type { Key, Loaded, PresenceRecord, Step } from '../record.ts';
import { settle } from '../settle.ts';
import type { Write } from '../write.ts';

type Accepted = Extract<Applied, { readonly ok: true }>;

/** One user before a store of one record that does what the seam asks of every store, and no more. */
export interface OneUser {
  readonly key: Key;
  now(): Instant;
  wait(ms: number): void;
  loaded(): Loaded;
  /** Applies and commits; throws what a store would refuse. */
  run(command: Command): Applied;
  /** The same, and throws a refusal too. */
  ok(command: Command): Accepted;
  /** The code of the refusal; `null` where there is none. */
  refusal(command: Command): ErrorCode | null;
  /** A node's lease, alive from now on, or again at most so long from now. */
  lease(id: LeaseId, forMs: number): void;
  /** Extends a living lease, as a heartbeat at rest does. */
  renew(id: LeaseId, forMs: number): void;
  /** The store forgets a lease as a failover that lost writes would make it. */
  lose(id: LeaseId): void;
  expiry(id: LeaseId): Instant | undefined;
  /** What anybody reads now. */
  read(): PresenceRecord | null;
  shown(projection?: Projection): Presence;
  /** Each transition that was committed. */
  readonly history: Step[];
  readonly writes: Write[];
}

/** When every test of one user begins. */
export const START = 1_700_000_000_000;

/** A user who was never seen, at {@link START}. */
export const createOneUser = (
  options: {
    readonly policy?: Policy;
    readonly tenant?: string;
    /** Keeps records as text, as stores outside of this process do. */
    readonly asText?: boolean;
  } = {},
): OneUser => {
  const policy = options.policy ?? DEFAULT_POLICY;
  const key: Key = { tenant: options.tenant ?? 'default', userId: 'ada' };
  const expiries = new Map<LeaseId, Instant>();
  const history: Step[] = [];
  const writes: Write[] = [];
  let now = START;
  let record: PresenceRecord | null = null;

  const loaded = (): Loaded => {
    const held = new Set(record?.sessions.map(({ lease }) => lease));
    return { key, record, leases: new Map([...expiries].filter(([id]) => held.has(id))) };
  };

  const commit = (write: Write): void => {
    if (write.base !== (record?.revision ?? 0)) throw new Error('conflict');
    if (write.validUntil !== null && write.validUntil <= now) throw new Error('late');
    const before = new Set(record?.sessions.map(({ lease }) => lease));
    for (const id of write.holds) {
      const anew = isSharedLease(id) && !before.has(id);
      if (anew && !isLive(expiries.get(id), now)) throw new Error('lease-lost');
    }
    for (const { id, forMs } of write.grant) {
      expiries.set(id, Math.max(expiries.get(id) ?? 0, now + forMs));
    }
    for (const id of before) {
      if (!isSharedLease(id) && !write.holds.includes(id)) expiries.delete(id);
    }
    record =
      options.asText === true
        ? (JSON.parse(JSON.stringify(write.record)) as PresenceRecord | null)
        : write.record;
    history.push(...write.steps);
    writes.push(write);
  };

  const run = (command: Command): Applied => {
    const applied = apply(loaded(), command, now, policy);
    if (applied.ok && applied.write) commit(applied.write);
    return applied;
  };

  const ok = (command: Command): Accepted => {
    const applied = run(command);
    if (!applied.ok) throw new Error(`refused: ${applied.code}`);
    return applied;
  };

  const refusal = (command: Command): ErrorCode | null => {
    const applied = run(command);
    return applied.ok ? null : applied.code;
  };

  const read = (): PresenceRecord | null => settle(record, loaded().leases, now, policy).record;

  return {
    key,
    now: () => now,
    wait: (ms) => {
      now += ms;
    },
    loaded,
    run,
    ok,
    refusal,
    lease: (id, forMs) => void expiries.set(id, now + forMs),
    renew: (id, forMs) => {
      const until = expiries.get(id);
      if (until === undefined || until <= now) throw new Error(`no living lease ${id}`);
      expiries.set(id, Math.max(until, now + forMs));
    },
    lose: (id) => void expiries.delete(id),
    expiry: (id) => expiries.get(id),
    read,
    shown: (projection = 'public') => project(key.userId, read(), projection),
    history,
    writes,
  };
};
