import {
  isLive,
  isSharedLease,
  lastingFrom,
  PresenceError,
  type Clock,
  type Instant,
  type Key,
  type LeaseId,
  type Policy,
  type PresenceRecord,
  type Random,
  type Write,
} from '@presence/core';
import type { Committed } from '../stores/store.ts';
import { keyText } from './keys.ts';
import { applyRound, commandOf, type Waiting } from './round.ts';
import type { CommittedAt, LoadedAt, StoreCalls } from './store-calls.ts';
import type { CommandSource, Executed } from './types.ts';

type Refused = Extract<Committed, { ok: false }>;

/** A commit of this node that the store took. */
export interface OwnCommit {
  readonly key: Key;
  readonly before: PresenceRecord | null;
  readonly write: Write;
  /** When the store took it, by its own clock. */
  readonly at: Instant;
}

interface Parts {
  readonly calls: StoreCalls;
  readonly clock: Clock;
  readonly random: Random;
  policyOf(tenant: string): Policy;
  onCommit(commit: OwnCommit): void;
  /** A shared lease that a command held anew has ended; resolves when the next one lives. */
  onLeaseLost(lease: LeaseId): Promise<void>;
  /** The store refused a write, which is tried again. */
  onRefused?(reason: Refused['reason']): void;
}

/** More conflicts in a row than any number of honest writers makes. */
const MOST_TRIES = 50;

/**
 * Refused as late so often, a claim may end before the store can have it: each try would give it another end, and be
 * late again. Once may be the store, which stood still.
 */
const MOST_LATE = 2;

/** Writers that met twice step apart by up to this long, times the number of tries. */
const JITTER_MS = 4;

const lostLease = (write: Write, { at, loaded }: LoadedAt): LeaseId | undefined =>
  write.holds.find((id) => isSharedLease(id) && !isLive(loaded.leases.get(id), at));

/** The same commands; their claims end at what the last try gave them, and are refused once that has passed. */
const withEnds = (waiting: readonly Waiting[], at: Instant): readonly Waiting[] =>
  waiting.map((each) => ({ ...each, source: () => lastingFrom(commandOf(each), at) }));

/** Takes one round of commands to the store, until it takes them. */
const createRunner = (parts: Parts) => {
  const { calls, clock, random, policyOf, onCommit, onLeaseLost, onRefused } = parts;
  const pause = (tries: number): Promise<void> =>
    new Promise((resolve) => void clock.after(random.next() * JITTER_MS * tries, resolve));

  /** What the next try starts from: the refusal carries it, unless it is out of date by then. */
  const afterRefusal = async (
    write: Write,
    { at, result }: CommittedAt<Refused>,
    tries: number,
  ): Promise<LoadedAt> => {
    const current = { at, loaded: result.current };
    if (result.reason === 'lease-lost') {
      const lost = lostLease(write, current);
      if (lost !== undefined) await onLeaseLost(lost);
      return calls.load(write.key);
    }
    if (tries === 1) return current;
    await pause(tries);
    return calls.load(write.key);
  };

  return async (key: Key, asked: readonly Waiting[]): Promise<void> => {
    let waiting = asked;
    let state = await calls.load(key);
    let late = 0;
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      const round = applyRound(key, waiting, state, policyOf(key.tenant));
      const { write, before, isRepeat, settle } = round;
      if (write === null) {
        if (isRepeat) await calls.confirm(key);
        return settle();
      }
      const { at, result } = await calls.commit(write);
      if (result.ok) {
        onCommit({ key, before, write, at });
        if (isRepeat && !write.isDeclared) await calls.confirm(key);
        return settle();
      }
      onRefused?.(result.reason);
      if (result.reason === 'late') late += 1;
      if (result.reason === 'late' && late === MOST_LATE) waiting = withEnds(waiting, state.at);
      state = await afterRefusal(write, { at, result }, tries);
    }
    throw new PresenceError('store_unavailable', 'Too many writers at once. Try again later.', {
      retryAfterMs: 1000,
    });
  };
};

/**
 * Commands for one user share loads and commits: three thousand at once take a handful of commits
 * instead of thousands of conflicts.
 */
export const createUserQueue = (parts: Parts) => {
  const run = createRunner(parts);
  const queues = new Map<string, Waiting[]>();

  const drain = async (key: Key, text: string, queue: Waiting[]): Promise<void> => {
    while (queue.length > 0) {
      const round = queue.splice(0, queue.length);
      try {
        await run(key, round);
      } catch (error) {
        for (const { reject } of round) reject(error);
      }
    }
    queues.delete(text);
  };

  return {
    execute: (key: Key, source: CommandSource): Promise<Executed> =>
      new Promise((resolve, reject) => {
        const text = keyText(key);
        const waiting = { source, resolve, reject };
        const queue = queues.get(text);
        if (queue) {
          queue.push(waiting);
          return;
        }
        const opened = [waiting];
        queues.set(text, opened);
        // Whatever else this turn of the event loop asks of the user joins the first round.
        queueMicrotask(() => void drain(key, text, opened));
      }),
    /** Users with commands under way. */
    get size(): number {
      return queues.size;
    },
  };
};
